// The rules of the house that no compiler knows. Each rule is one test: it lists what breaks it, with the way out.
// usage: node house.mjs CHECKOUT BAZEL_BIN TALLY_FILE     (TALLY_FILE may be "-")
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { codeOnly, listFiles } from "./files.mjs";

const [root, bazelBin, tallyFile] = process.argv.slice(2);
const files = listFiles(root);
const texts = new Map();
const text = (file) => {
        if (!texts.has(file)) texts.set(file, fs.readFileSync(path.join(root, file), "utf8"));
        return texts.get(file);
};
const codes = new Map();
const code = (file) => {
        if (!codes.has(file)) codes.set(file, codeOnly(text(file)));
        return codes.get(file);
};
const shipped = files.filter((file) => /^(common|services)\/.*\.[ch]$/.test(file));
const sources = files.filter((file) => /\.(c|h|cpp)$/.test(file) && !file.startsWith("third_party/"));
const listed = (name) =>
        fs
                .readFileSync(path.join(root, "tools/lint", name), "utf8")
                .split("\n")
                .map((line) => line.replace(/#.*/, "").trim())
                .filter(Boolean);

function* matches(file, content, pattern) {
        for (const [index, line] of content.split("\n").entries()) {
                const match = line.match(pattern);
                if (match) yield { where: `${file}:${index + 1}`, match, line };
        }
}

const rules = [];
const notes = [];
const rule = (name, wayOut, find) => rules.push({ name, wayOut, find });

rule(
        "no call that is banned",
        "use the arena, bytes, clock and random of common/base; a wait is a timer of the runtime",
        function* () {
                const banned =
                        /(?<![\w.>])(strcpy|strcat|sprintf|vsprintf|gets|strtok|time|rand|srand|random|sleep|usleep|nanosleep|localtime|gmtime|gettimeofday|clock_gettime|atoi|atol|alloca)\s*\(/;
                const allowed = new Set(listed("calls_allowed.txt"));
                for (const file of shipped)
                        for (const { where, match } of matches(file, code(file), banned))
                                if (!allowed.has(`${file} ${match[1]}`)) yield `${where}: ${match[1]}()`;
        },
);

rule("goto stays in common/runtime", "clean up by scope (common/base/scoped.h)", function* () {
        for (const file of shipped.filter((name) => !name.startsWith("common/runtime/")))
                for (const { where } of matches(file, code(file), /\bgoto\s+\w+\s*;/)) yield where;
});

rule(
        "no mutable variable outside an instance",
        "hang it on the instance struct, make it const, or say why in tools/lint/mutable_allowed.txt",
        function* () {
                const allowed = new Set(listed("mutable_allowed.txt"));
                for (const { object, source, symbol } of mutableSymbols())
                        if (!allowed.has(`${source} ${symbol}`)) yield `${source}: ${symbol} (${object})`;
        },
);

// What the compiler put into a writable section; relocated constants (.data.rel.ro) are read-only when the program runs.
function* mutableSymbols() {
        const objects = [];
        const walk = (folder) => {
                for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
                        const full = path.join(folder, entry.name);
                        if (entry.isDirectory()) walk(full);
                        else if (entry.name.endsWith(".pic.o")) objects.push(full);
                }
        };
        for (const top of ["common", "services"]) {
                const folder = path.join(bazelBin, top);
                if (fs.existsSync(folder)) walk(folder);
        }
        for (const object of objects) {
                const relative = path.relative(bazelBin, object);
                const [room, inside] = relative.split(/\/_objs\/[^/]+\//);
                const source = path.posix.join(room, inside.replace(/\.pic\.o$/, ".c"));
                const found = files.find((file) => file === source);
                if (!found) continue;
                const table = execFileSync("objdump", ["-t", object], { encoding: "utf8", maxBuffer: 1 << 26 });
                for (const line of table.split("\n")) {
                        const match = line.match(/^[0-9a-f]+ .{7} (\*COM\*|\.(?:data|bss|tdata|tbss)\S*)\s+[0-9a-f]+ (\S+)$/);
                        if (!match || match[1].startsWith(".data.rel.ro") || match[1] === match[2]) continue;
                        yield { object: relative, source, symbol: match[2].replace(/\.\d+$/, "") };
                }
        }
}

rule("includes are written from the repository root", "write the path from the root: \"common/base/arena.h\"", function* () {
        const generated = /^(sscard|google|grpc|opentelemetry)\/.*\.pb-c\.h$/;
        const known = new Set(files);
        for (const file of sources) {
                for (const { where, match } of matches(file, code(file), /^\s*#\s*include\s+"([^"]+)"/)) {
                        const name = match[1];
                        if (known.has(name) || generated.test(name)) continue;
                        if (name.includes("/") && isGenerated(name)) continue;
                        yield `${where}: "${name}"`;
                }
        }
});

// Made by the build: it is there, or its room's BUILD names it (the build may have failed elsewhere).
function isGenerated(name) {
        if (fs.existsSync(path.join(bazelBin, name))) return true;
        const build = `${path.posix.dirname(name)}/BUILD`;
        const stem = path.posix.basename(name).replace(/(\.pb-c)?\.h$/, "");
        return files.includes(build) && text(build).includes(stem);
}

rule("a source includes its own header first", "put it on top: it proves that the header stands alone", function* () {
        const known = new Set(files);
        for (const file of sources.filter((name) => name.endsWith(".c"))) {
                const header = file.replace(/\.c$/, ".h");
                if (!known.has(header)) continue;
                const first = code(file).match(/^\s*#\s*include\s+["<]([^">]+)[">]/m);
                if (!first || first[1] !== header) yield `${file}: first is ${first ? first[1] : "nothing"}`;
        }
});

rule("common/ knows nothing of cards", "say it in general terms, or move it to a service", function* () {
        const words = /(?<![a-z])card(s|_\w+)?(?![a-z])|cardholder|(?<!\w)R[1-4]?\d(?!\w)/i;
        const allowed = new Set(listed("words_allowed.txt"));
        for (const file of files.filter((name) => name.startsWith("common/") && !name.endsWith("BUILD") && !allowed.has(name)))
                for (const { where, match } of matches(file, text(file), words)) yield `${where}: ${match[0]}`;
});

rule("a file holds one thing", "split it: 800 lines for a source, 300 for a header of the house", function* () {
        for (const file of files.filter((name) => /\.(c|h|cpp|sh|mjs|js|py|proto|sql)$/.test(name))) {
                if (file.startsWith("third_party/")) continue;
                const lines = text(file).split("\n").length - 1;
                const most = /^(common|services)\/.*\.h$/.test(file) ? 300 : 800;
                if (lines > most) yield `${file}: ${lines} lines`;
        }
});

rule("nothing is left open", "finish it, or take the word away", function* () {
        const words = /\b(TODO|FIXME|XXX|HACK)\b|not implemented yet/;
        for (const file of files.filter((name) => /\.(c|h|cpp|sh|mjs|js|py|proto|sql|bzl|yaml)$|BUILD$/.test(name))) {
                if (file.startsWith("third_party/") || file === "tools/lint/house.mjs") continue;
                for (const { where, match } of matches(file, text(file), words)) yield `${where}: ${match[0]}`;
        }
});

rule("text files are tidy", "no tab, no blank at a line's end, one newline at the end (.editorconfig)", function* () {
        for (const file of files.filter((name) => /\.(c|h|cpp|sh|mjs|js|py|proto|sql|bzl|yaml|yml|json|md|txt)$|BUILD$/.test(name))) {
                const content = text(file);
                if (content && !content.endsWith("\n")) yield `${file}: no newline at the end`;
                if (content.endsWith("\n\n")) yield `${file}: blank lines at the end`;
                for (const { where } of matches(file, content, /[ \t]$/)) yield `${where}: blank at the end of the line`;
                if (/\.(c|h|cpp|proto)$/.test(file))
                        for (const { where } of matches(file, content, /\t/)) yield `${where}: tab`;
                if (content.includes("\r")) yield `${file}: carriage return`;
        }
});

rule("ARCHITECTURE.md names what exists", "mend the page, or the tree", function* () {
        if (!files.includes("ARCHITECTURE.md")) return;
        for (const { where, line } of matches("ARCHITECTURE.md", text("ARCHITECTURE.md"), /\S/)) {
                for (const name of pathsIn(line))
                        if (!fs.existsSync(path.join(root, name))) yield `${where}: ${name}`;
        }
});

// Words that read as a path of this tree: `common/base`, common/{store,cache}, tests/unit/…; not urls, not <variables>.
function pathsIn(line) {
        const tops = "common|services|tools|tests|proto|docs|third_party|regions|k8s|\\.ci";
        const found = [];
        for (const match of line.matchAll(new RegExp(`(?<![\\w/.-])(?:${tops})/[\\w./{},*<>…-]*`, "g"))) {
                const name = match[0].replace(/[.,]+$/, "").replace(/\/$/, "");
                if (/[*<>…]/.test(name)) continue;
                const braces = name.match(/^(.*)\{([^}]*)\}(.*)$/);
                if (braces) found.push(...braces[2].split(",").map((part) => braces[1] + part.trim() + braces[3]));
                else found.push(name);
        }
        return found;
}

rule("lock files name no download address", "npm config omit-lockfile-registry-resolved=true, then npm install", function* () {
        for (const file of files.filter((name) => name.endsWith("package-lock.json")))
                for (const { where } of matches(file, text(file), /"resolved":\s*"https?:/)) yield where;
});

function noteRequirements() {
        const named = new Set();
        // R48_S6_every_channel…, test_R39_…, and of the scenarios "proves: [R39, S6]".
        const names = /(?<![A-Za-z0-9])(?:test_)?((?:[RSN]\d+_)+)\w+|\bproves: \[(.*)\]/g;
        for (const file of files.filter((name) => name.startsWith("tests/")))
                for (const match of text(file).matchAll(names))
                        for (const [number] of (match[1] ?? match[2]).matchAll(/[RSN]\d+/g)) named.add(number);
        const missing = [];
        for (const [letter, last] of [["R", 49], ["S", 13]])
                missing.push(...ranges(letter, Array.from({ length: last }, (_, i) => i + 1).filter((n) => !named.has(`${letter}${n}`))));
        if (missing.length) notes.push(`no test carries ${missing.join(" ")}`);
}

// "R", [1, 2, 3, 7] → ["R1–R3", "R7"]
function ranges(letter, numbers) {
        const found = [];
        for (const number of numbers) {
                const last = found[found.length - 1];
                if (last && last[1] === number - 1) last[1] = number;
                else found.push([number, number]);
        }
        return found.map(([first, last]) => (first === last ? `${letter}${first}` : `${letter}${first}–${letter}${last}`));
}

function noteNamesakes() {
        const known = new Set(files);
        const missing = shipped.filter((file) => file.endsWith(".c") && !known.has(`tests/unit/${file.replace(/\.c$/, "_test.c")}`));
        if (missing.length) notes.push(`${missing.length} sources have no namesake test: ${missing.join(" ")}`);
}

noteRequirements();
noteNamesakes();
const failed = [];
for (const { name, wayOut, find } of rules) {
        const findings = [...find()];
        console.log(`${findings.length ? "not ok" : "ok"} - ${name}`);
        for (const finding of findings) console.log(`    ${finding}`);
        if (findings.length) {
                console.log(`    → ${wayOut}`);
                failed.push(name);
        }
}
for (const note of notes) console.log(`note: ${note}`);
if (tallyFile && tallyFile !== "-") {
        fs.appendFileSync(tallyFile, `lint\t${rules.length - failed.length}\t${failed.length}\n`);
        fs.appendFileSync(`${tallyFile}.failed`, failed.map((name) => `lint\t${name}\n`).join(""));
}
try {
        fs.writeSync(3, `${rules.length - failed.length} of ${rules.length} rules hold${notes.length ? `; ${notes[0]}` : ""}\n`);
} catch {
        /* called by hand: nobody listens there */
}
process.exit(failed.length ? 1 : 0);
