// Every branch of the rules is taken by a test of the rules: compiles services/*/rules and their unit tests with gcc's coverage,
// runs them, and reads what gcov says. Services that branches_missed.txt names are reported; all others are held to it.
// usage: node branches.mjs CHECKOUT SCRATCH [SERVICE…]
//
// Asserts are left out (NDEBUG for the rules alone): their other branch is a bug. Of a `switch` the lines of its cases count,
// not the way past all of them, which the compiler adds; of a header its lines, since each source has branches of its own there.
import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";

const [root, scratch, ...only] = process.argv.slice(2);
const missedFile = "tools/lint/branches_missed.txt";
const COMPILE = ["-std=gnu11", "-g", "-w", "-I."];
const LIBRARIES = ["-lcmocka", "-lsodium", "-lcrypto", "-lm"];

const gcc = (...args) => execFileSync("gcc", [...COMPILE, ...args.flat()], { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
const sources = (folder, pattern = /\.c$/) =>
        fs.existsSync(path.join(root, folder))
                ? fs
                          .readdirSync(path.join(root, folder))
                          .filter((name) => pattern.test(name))
                          .map((name) => `${folder}/${name}`)
                : [];
const services = fs.readdirSync(path.join(root, "services")).filter((name) => sources(`services/${name}/rules`).length > 0);

function objects(folder, files, flags) {
        fs.mkdirSync(folder, { recursive: true });
        return files.map((file) => {
                const object = path.join(folder, `${file.replace(/[/.]/g, "-")}.o`);
                gcc(flags, "-c", file, "-o", object);
                return object;
        });
}

// What all stand on: base, policy, and every service's rules as they are.
function archive() {
        const files = [
                ...sources("common/base"),
                ...sources("common/policy"),
                ...services.flatMap((name) => sources(`services/${name}/rules`)),
        ];
        const library = path.join(scratch, "all.a");
        fs.rmSync(library, { force: true });
        execFileSync("ar", ["rcs", library, ...objects(path.join(scratch, "all"), files, ["-O0"])]);
        return library;
}

// The fixtures whose headers a test names, and those that they name: services have worlds of the same names.
function fixturesOf(file, found = new Set()) {
        for (const [, fixture] of fs.readFileSync(path.join(root, file), "utf8").matchAll(/#include "(tests\/unit\/services\/\S+fixture)\.h"/g)) {
                if (found.has(`${fixture}.c`)) continue;
                found.add(`${fixture}.c`);
                fixturesOf(`${fixture}.h`, found);
        }
        return [...found];
}

function runTests(name, measured, library) {
        const failed = [];
        for (const test of sources(`tests/unit/services/${name}/rules`, /_test\.c$/)) {
                const program = path.join(scratch, name, path.basename(test, ".c"));
                gcc("-O0", test, fixturesOf(test), measured, library, LIBRARIES, "--coverage", "-o", program);
                if (spawnSync(program, { cwd: root, stdio: "ignore" }).status !== 0) failed.push(test);
        }
        return failed;
}

// file:line → whether it was run, and which of its branches were not.
function untaken(name, measured) {
        const folder = path.join(scratch, name);
        execFileSync("gcov", ["-b", "-c", "--json-format", ...measured], { cwd: folder, stdio: "ignore" });
        const lines = new Map();
        for (const report of fs.readdirSync(folder).filter((file) => file.endsWith(".gcov.json.gz"))) {
                const { files } = JSON.parse(zlib.gunzipSync(fs.readFileSync(path.join(folder, report))));
                for (const { file, lines: counted } of files) {
                        if (!file.startsWith(`services/${name}/rules/`)) continue;
                        const text = fs.readFileSync(path.join(root, file), "utf8").split("\n");
                        for (const line of counted) {
                                const key = `${file}:${line.line_number}`;
                                const code = text[line.line_number - 1].trim();
                                const entry = lines.get(key) ?? { code, count: 0, branches: [] };
                                lines.set(key, entry);
                                entry.count += line.count;
                                if (file.endsWith(".h") || code.startsWith("switch (")) continue;
                                for (const [i, branch] of line.branches.entries()) entry.branches[i] = (entry.branches[i] ?? 0) + branch.count;
                        }
                }
        }
        const findings = [];
        let total = 0;
        for (const [where, { code, count, branches }] of lines) {
                total += branches.length;
                if (count === 0) findings.push(`${where}: never run: ${code}`);
                else
                        for (const [i, taken] of branches.entries())
                                if (!taken) findings.push(`${where}: branch ${i} of ${branches.length} is never taken: ${code}`);
        }
        return { findings, total };
}

const reported = fs
        .readFileSync(path.join(root, missedFile), "utf8")
        .split("\n")
        .map((line) => line.replace(/#.*/, "").trim())
        .filter(Boolean);
fs.rmSync(scratch, { recursive: true, force: true });
const library = archive();
let bad = false;
for (const name of only.length > 0 ? only : services) {
        const measured = objects(path.join(scratch, name), sources(`services/${name}/rules`), ["-O0", "-DNDEBUG", "--coverage"]);
        const failed = runTests(name, measured, library);
        for (const test of failed) console.log(`${test} fails`);
        const { findings, total } = untaken(name, measured);
        const held = !reported.includes(name);
        console.log(`${name}: ${total} branches, ${findings.length} lines or branches that no test of the rules takes${held ? "" : " (not held yet)"}`);
        if (held || only.includes(name)) for (const finding of findings) console.log(`  ${finding}`);
        if (held && findings.length > 0) console.log(`→ a test of services/${name}/rules for each, or take it out where it cannot be`);
        if (!held && findings.length === 0) console.log(`→ ${missedFile} need not name ${name} any more`);
        bad ||= failed.length > 0 || (held && findings.length > 0);
}
process.exit(bad ? 1 : 0);
