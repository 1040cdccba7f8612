// The bench: runs rows, prints their table, writes their JSON. A row is a file in rows/ and a name in
// the list below; it measures with lib/ and returns figures.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { Session } from './lib/session.mjs';
import { jsonOf, printTable } from './lib/report.mjs';

const ROWS = [
  'echo_vs_core',
  'lookup_vs_cpp',
  'lookup_vs_callback',
  'status_vs_callback',
  'status_vs_echo',
  'write_vs_sqlite',
  'verify_pin',
  'latency',
  'allowed_actions',
  'ecard_gate',
  'idle',
  'leak',
  'sandbox',
];

const HELP = `usage: run.sh [ROW…] [--json FILE] [--rounds N] [--ms N] [--other-max SHARE] [--strict]
  --rounds N         undisturbed A B B A rounds of each comparison (5)
  --ms N             length of one measurement (1000)
  --other-max SHARE  CPUs that others may use in a round before it is thrown away (0.15)
  --strict           a missed bar is an error
rows: ${ROWS.join(' ')}`;

function readArguments(list) {
  const options = { rows: [], json: '', rounds: 5, ms: 1000, otherMax: 0.15, strict: false };
  for (let i = 0; i < list.length; i++) {
    const word = list[i];
    if (word === '--json') options.json = list[++i];
    else if (word === '--rounds') options.rounds = Number(list[++i]);
    else if (word === '--ms') options.ms = Number(list[++i]);
    else if (word === '--other-max') options.otherMax = Number(list[++i]);
    else if (word === '--strict') options.strict = true;
    else if (ROWS.includes(word)) options.rows.push(word);
    else {
      console.error(word === '--help' ? HELP : `unknown: ${word}\n${HELP}`);
      process.exit(word === '--help' ? 0 : 2);
    }
  }
  if (options.rows.length === 0) options.rows = ROWS;
  return options;
}

async function runRow(name, session, options) {
  const { default: run } = await import(`./rows/${name}.mjs`);
  console.log(`${name} …`);
  try {
    return await run(session, options);
  } catch (error) {
    console.error(`  ${name} could not be measured: ${error.message}`);
    return [{ name, failed: error.message }];
  } finally {
    await session.stopAll();
  }
}

const options = readArguments(process.argv.slice(2));
const bin = process.env.SUITE_BIN;
if (!bin || !existsSync(path.join(bin, 'tests/bench/load_generator'))) {
  console.error('SUITE_BIN must name the output of a release build: run ./suite bench.');
  process.exit(2);
}
// A short path: sockets in it pass 107 bytes.
const scratch = mkdtempSync(path.join(tmpdir(), 'bench-'));
const session = new Session(bin, scratch);
const figures = [];
process.on('SIGINT', () => session.stopAll().then(() => process.exit(130)));
try {
  for (const name of options.rows) figures.push(...(await runRow(name, session, options)));
} finally {
  await session.stopAll();
  rmSync(scratch, { recursive: true, force: true });
}
printTable(figures);
if (options.json) writeFileSync(options.json, `${JSON.stringify(jsonOf(figures), null, 2)}\n`);
const broken = figures.some((f) => f.failed || (options.strict && f.pass === false));
process.exit(broken ? 1 : 0);
