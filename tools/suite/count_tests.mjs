// Counts what ran in one `bazel test`, test by test: cmocka's lines, TAP, or "N passed, N failed" in each test.log;
// a program that prints none of these counts as one. What should have run and did not is a failure.
// Lines that begin with "#| " are for people: they are kept for the summary.
// usage: node count_tests.mjs EVENTS_JSON LABELS_FILE PHASE TALLY_FILE     (a note for people goes to descriptor 3)
import fs from "node:fs";
import { fileURLToPath } from "node:url";

const [eventsFile, labelsFile, phase, tallyFile] = process.argv.slice(2);

function countLog(text) {
        const found = { passed: 0, failed: [], skipped: 0 };
        let running = null;
        const settle = (failed) => {
                if (running !== null && failed) found.failed.push(running);
                running = null;
        };
        for (const line of text.split("\n")) {
                let match;
                if ((match = line.match(/\[ RUN {6}\] (\S+)/))) {
                        settle(true); /* the one before never said how it ended */
                        running = match[1];
                } else if (/\[ {7}OK \] /.test(line) && running !== null) {
                        found.passed++;
                        settle(false);
                } else if (/\[ {2}SKIPPED \] /.test(line) && running !== null) {
                        found.skipped++;
                        settle(false);
                } else if (/\[ {2}(FAILED {2}|ERROR {3}|FAILED )\] /.test(line) && running !== null) {
                        settle(true);
                } else if ((match = line.match(/^(not )?ok \d+(?: -)? ?(.*)$/))) {
                        if (match[1]) found.failed.push(match[2]);
                        else found.passed++;
                } else if ((match = line.match(/^(\d+) passed, (\d+) failed/))) {
                        found.passed += Number(match[1]);
                        for (let i = 0; i < Number(match[2]); i++) found.failed.push(`failure ${i + 1}`);
                }
        }
        settle(true);
        return found;
}

const reported = (text) => text.split("\n").filter((line) => /^#\|( |$)/.test(line)).map((line) => `${line.slice(3)}\n`);

const summaries = new Map();
const events = fs.existsSync(eventsFile) ? fs.readFileSync(eventsFile, "utf8").split("\n") : [];
for (const line of events) {
        if (!line.includes('"testSummary"')) continue;
        const event = JSON.parse(line);
        if (event.id?.testSummary && event.testSummary) summaries.set(event.id.testSummary.label, event.testSummary);
}

let passed = 0;
let cached = 0;
const failed = [];
for (const label of fs.readFileSync(labelsFile, "utf8").split("\n").filter(Boolean)) {
        const summary = summaries.get(label);
        if (!summary) {
                failed.push(`${label} (not built)`);
                continue;
        }
        const logs = [...(summary.passed ?? []), ...(summary.failed ?? [])].filter((log) => log.uri?.startsWith("file:"));
        const counts = { passed: 0, failed: [] };
        for (const log of logs) {
                const file = fileURLToPath(log.uri);
                if (!fs.existsSync(file)) continue;
                const text = fs.readFileSync(file, "utf8");
                fs.appendFileSync(`${tallyFile}.reports`, reported(text).join(""));
                const one = countLog(text);
                counts.passed += one.passed;
                counts.failed.push(...one.failed);
        }
        const good = summary.overallStatus === "PASSED";
        if (good && counts.passed === 0 && counts.failed.length === 0) counts.passed = 1;
        if (!good && counts.failed.length === 0) counts.failed.push(summary.overallStatus.toLowerCase());
        if (summary.totalNumCached) cached++;
        passed += counts.passed;
        failed.push(...counts.failed.map((name) => `${label} ${name}`));
}

fs.appendFileSync(tallyFile, `${phase}\t${passed}\t${failed.length}\n`);
fs.appendFileSync(`${tallyFile}.failed`, failed.map((name) => `${phase}\t${name}\n`).join(""));
const note = `${passed} passed, ${failed.length} failed` + (cached ? ` (${cached} programs unchanged since they passed)` : "");
fs.writeSync(3, `${note}\n`);
process.exit(failed.length === 0 ? 0 : 1);
