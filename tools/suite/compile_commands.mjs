// Turns `bazel aquery --output=jsonproto 'mnemonic("CppCompile", …)'` into compile_commands.json.
// usage: node compile_commands.mjs AQUERY_JSON CHECKOUT EXECROOT
import fs from "node:fs";
import path from "node:path";

const [aqueryFile, checkout, execroot] = process.argv.slice(2);
const actions = JSON.parse(fs.readFileSync(aqueryFile, "utf8")).actions ?? [];

// What gcc is told and clang does not know, and what only writes files.
const unknownToClang = /^(-fno-canonical-system-headers|-Wno-free-nonheap-object|-Wshadow=local|-MD)$/;

const commands = new Map();
for (const action of actions) {
        const given = action.arguments ?? [];
        const source = given[given.indexOf("-c") + 1];
        if (!/\.(c|cc|cpp)$/.test(source ?? "")) continue;
        const kept = [];
        for (let i = 0; i < given.length; i++) {
                if (given[i] === "-MF") i++;
                else if (!unknownToClang.test(given[i])) kept.push(given[i]);
        }
        const inCheckout = path.join(checkout, source);
        const file = fs.existsSync(inCheckout) ? inCheckout : path.join(execroot, source);
        commands.set(file, {
                directory: execroot,
                file,
                arguments: kept.map((argument) => (argument === source ? file : argument)),
        });
}
console.log(JSON.stringify([...commands.values()], null, 1));
