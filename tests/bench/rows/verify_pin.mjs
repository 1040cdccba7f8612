// Durable VerifyPin with the right PIN, 64 in flight, against a bare loop of the same work: reserve and
// resolve committed in groups of the same size, one MAC each in the same SoftHSM.
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import path from 'node:path';
import { promisify } from 'node:util';
import { median } from '../lib/compare.mjs';
import { Region } from '../lib/region.mjs';
import { figure } from '../lib/report.mjs';

const run = promisify(execFile);
const BAR = 0.6;
const IN_FLIGHT = 64;
const CARDS = 3000;
const MODULE = '/usr/lib/softhsm/libsofthsm2.so';
const LEAST_MS = 2000;

function metric(operations, name) {
  return new Promise((resolve, reject) =>
    get(`${operations}/metrics`, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += chunk));
      response.on('end', () => resolve(Number(text.match(new RegExp(`^${name}\\S* (\\S+)$`, 'm'))[1])));
    }).once('error', reject),
  );
}

export default async function verifyPin(session, options) {
  const region = await new Region(session).start({ people: Math.round(CARDS * 1.6) });
  const { keys } = region;
  const credential = await region.service('credential', [
    `--peer=card=127.0.0.1:${region.card.port}`,
    `--pkcs11-pin-file=${keys}/token.pin`,
    `--softhsm-tokens=${keys}/tokens`,
    `--pin-printer-key=${keys}/pin-printer.pub`,
  ]);
  const file = (name) => path.join(region.folder, name);
  const load = async (...words) => {
    const { stdout } = await run(session.binary('tests/bench/verify_pin/pin_load'), words.map(String));
    const result = JSON.parse(stdout);
    if (result.failed > 0) throw new Error(`failed calls: ${stdout}`);
    return result;
  };
  const target = ['--target', `127.0.0.1:${credential.port}`, '--pins', file('pins')];
  writeFileSync(file('factory'), await region.token('--role', 'PLATFORM', '--channels', 'SYSTEM', '--platform', 'factory'));
  writeFileSync(file('counter'), await region.token('--role', 'OPERATOR', '--channels', 'BRANCH', '--operator-id', 'op-1'));
  const database = ['--database', path.join(region.folder, 'card', 'card.db')];
  const printer = ['--printer', `${keys}/pin-printer.key`, '--count', CARDS];
  await load('issue', ...target, '--token', file('factory'), ...database, ...printer);
  mkdirSync(file('seed'));
  const seeded = path.join(region.folder, 'credential', 'credential.db');
  await run('sqlite3', [seeded, `.backup ${path.join(file('seed'), 'credential.db')}`]);

  const ms = Math.max(options.ms, LEAST_MS);
  let group = 1;
  const ours = async () => {
    const count = async () => [
      await metric(credential.operations, 'sscard_store_batches_total'),
      await metric(credential.operations, 'sscard_store_groups_total'),
    ];
    const before = await count();
    const result = await load('verify', ...target, '--token', file('counter'), '--in-flight', IN_FLIGHT, '--ms', ms);
    const after = await count();
    group = Math.max(1, Math.min(IN_FLIGHT, Math.round((after[0] - before[0]) / (after[1] - before[1]))));
    return result;
  };
  const peer = async () => {
    rmSync(file('peer'), { recursive: true, force: true });
    cpSync(file('seed'), file('peer'), { recursive: true });
    const words = [file('peer'), group, ms, MODULE, `${keys}/token.pin`, `${keys}/tokens`];
    return JSON.parse((await run(session.binary('tests/bench/verify_pin/bare_pin'), words.map(String))).stdout);
  };
  const rounds = [];
  for (let i = 0; i < Math.min(options.rounds, 3); i++) {
    const all = [await ours(), await peer(), await peer(), await ours()];
    const mean = (a, b) => (a.calls_per_s + b.calls_per_s) / 2;
    rounds.push({ ours: mean(all[0], all[3]), peer: mean(all[1], all[2]), p50: all[3].p50_us, p99: all[3].p99_us });
  }
  const of = (name) => median(rounds.map((round) => round[name]));
  return [
    figure({
      name: 'verify_pin',
      unit: 'durable checks/s',
      peer: of('peer'),
      ours: of('ours'),
      ratio: median(rounds.map((round) => round.ours / round.peer)),
      bar: BAR,
      better: 'higher',
      note: `${group} a commit, p50 ${(of('p50') / 1000).toFixed(1)} ms, p99 ${(of('p99') / 1000).toFixed(1)} ms`,
    }),
  ];
}
