// clang-tidy over every C file, two at a time; a file that passed is not looked at again until it, a header that it reaches,
// its command line or the configuration changes.
// usage: node tidy.mjs CHECKOUT CACHE_FOLDER BAZEL_BIN [FILE…]
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { listFiles } from "./files.mjs";

const [root, cache, bazelBin, ...only] = process.argv.slice(2);
const database = JSON.parse(fs.readFileSync(path.join(cache, "compile_commands.json"), "utf8"));
const passedFolder = path.join(cache, "tidy");
fs.mkdirSync(passedFolder, { recursive: true });

const wanted = database
        .filter((entry) => entry.file.startsWith(root + path.sep) && entry.file.endsWith(".c"))
        .filter((entry) => only.length === 0 || only.includes(path.relative(root, entry.file)))
        .sort((a, b) => a.file.localeCompare(b.file));

const digest = (data) => createHash("sha256").update(data).digest("hex");
const common = digest(
        listFiles(root)
                .filter((file) => path.basename(file) === ".clang-tidy")
                .map((file) => fs.readFileSync(path.join(root, file), "utf8"))
                .join("\n") +
                execFileSync("clang-tidy", ["--version"], { encoding: "utf8" }) +
                execFileSync("dpkg-query", ["-W", "libgrpc-dev", "libuv1-dev", "libprotobuf-c-dev", "libcmocka-dev", "libc6-dev"], { encoding: "utf8" }),
);

// The quoted includes of a file, with all they reach: in the checkout, or generated.
const reached = new Map();
function includesOf(file) {
        if (!reached.has(file)) {
                const content = fs.readFileSync(file);
                const names = [...content.toString("utf8").matchAll(/^\s*#\s*include\s+"([^"]+)"/gm)].map((match) => match[1]);
                const found = names
                        .flatMap((name) => [path.join(root, name), path.join(bazelBin, name), path.join(bazelBin, "proto", name)])
                        .filter((name) => fs.existsSync(name));
                reached.set(file, { hash: digest(content), found });
        }
        return reached.get(file);
}
function keyOf(entry) {
        const seen = new Set();
        const walk = (file) => {
                if (seen.has(file)) return;
                seen.add(file);
                includesOf(file).found.forEach(walk);
        };
        walk(entry.file);
        return digest([common, JSON.stringify(entry.arguments), ...[...seen].sort().map((file) => includesOf(file).hash)].join("\n"));
}

let looked = 0;
const findings = [];
async function look(entry) {
        const stamp = path.join(passedFolder, keyOf(entry));
        const name = path.relative(root, entry.file);
        if (fs.existsSync(stamp)) {
                fs.utimesSync(stamp, new Date(), new Date());
                return;
        }
        looked++;
        console.log(`[${looked}] ${name}`);
        const child = spawn("clang-tidy", ["--quiet", "-p", cache, entry.file], {
                stdio: ["ignore", "pipe", "pipe"],
        });
        let output = "";
        let errors = "";
        child.stdout.on("data", (data) => (output += data));
        child.stderr.on("data", (data) => (errors += data));
        const status = await new Promise((resolve) => child.on("close", resolve));
        if (status === 0) {
                fs.writeFileSync(stamp, "");
                return;
        }
        const said = output.trim() || errors.trim();
        findings.push({ name, lines: said.split("\n").filter((line) => /(error|warning): /.test(line)) });
        console.log(said);
}

const queue = [...wanted];
const worker = async () => {
        for (let entry = queue.shift(); entry; entry = queue.shift()) await look(entry);
};
await Promise.all(Array.from({ length: Math.min(os.cpus().length, 8) }, worker));

// The whole text stands above; here is the list of what to mend.
for (const { name, lines } of findings) {
        console.log(`-- ${name}`);
        for (const line of new Set(lines)) console.log(`   ${line.replace(`${root}/`, "").replace(`${name}:`, "")}`);
}

// Stamps that nothing has asked for in a month go.
for (const stamp of fs.readdirSync(passedFolder)) {
        const file = path.join(passedFolder, stamp);
        if (Date.now() - fs.statSync(file).mtimeMs > 30 * 24 * 3600 * 1000) fs.unlinkSync(file);
}
try {
        fs.writeSync(3, `${wanted.length} files, ${looked} looked at anew${findings.length ? `, ${findings.length} with findings` : ""}\n`);
} catch {
        /* called by hand: nobody listens there */
}
process.exit(findings.length ? 1 : 0);
