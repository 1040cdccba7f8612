// Links in documents: every relative link leads to a file of the tree, every #anchor to a heading.
// usage: node links.mjs CHECKOUT
import fs from "node:fs";
import path from "node:path";
import { listFiles } from "./files.mjs";

const root = process.argv[2];
const documents = listFiles(root).filter((file) => file.endsWith(".md") && !file.startsWith("third_party/"));

const withoutCode = (text) =>
        text.replace(/^(```|~~~)[\s\S]*?^\1/gm, (block) => block.replace(/[^\n]/g, " ")).replace(/`[^`\n]*`/g, (span) => " ".repeat(span.length));

// GitHub's way from a heading to an anchor.
function anchors(file) {
        const seen = new Map();
        const found = new Set();
        const text = fs.readFileSync(file, "utf8").replace(/^(```|~~~)[\s\S]*?^\1/gm, "");
        for (const match of text.matchAll(/^#{1,6}\s+(.*?)\s*#*$/gm)) {
                const base = match[1]
                        .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
                        .toLowerCase()
                        .replace(/[^\p{L}\p{N}\s_-]/gu, "")
                        .replace(/\s/g, "-");
                const count = seen.get(base) ?? 0;
                seen.set(base, count + 1);
                found.add(count ? `${base}-${count}` : base);
        }
        return found;
}

let bad = 0;
for (const document of documents) {
        const lines = withoutCode(fs.readFileSync(path.join(root, document), "utf8")).split("\n");
        for (const [index, line] of lines.entries()) {
                const targets = [...line.matchAll(/\]\(\s*<?([^)>\s]+)>?(?:\s+"[^"]*")?\s*\)/g), ...line.matchAll(/^\[[^\]]+\]:\s*(\S+)/g)];
                for (const [, target] of targets) {
                        if (/^[a-z][a-z0-9+.-]*:/i.test(target)) continue;
                        const [name, anchor] = decodeURIComponent(target).split("#");
                        const file = name ? path.resolve(root, name.startsWith("/") ? name.slice(1) : path.join(path.dirname(document), name)) : path.join(root, document);
                        const inside = file === root || file.startsWith(root + path.sep);
                        const ok = inside && fs.existsSync(file) && (!anchor || !file.endsWith(".md") || anchors(file).has(anchor));
                        if (ok) continue;
                        console.log(`${document}:${index + 1}: ${target} leads nowhere`);
                        bad++;
                }
        }
}
try {
        fs.writeSync(3, `${documents.length} documents\n`);
} catch {
        /* called by hand: nobody listens there */
}
process.exit(bad ? 1 : 0);
