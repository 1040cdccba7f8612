// Status at half of saturation: how long a caller waits, alone and with 500 writes a second beside it.
// Saturation is what sixteen callers get who wait for each answer: with 160 in flight a call costs half as much, since many
// are answered at a time, and half of that is more than a steady rate can reach.
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { undisturbed } from '../lib/compare.mjs';
import { Region } from '../lib/region.mjs';
import { figure } from '../lib/report.mjs';

const run = promisify(execFile);
const WRITES_A_SECOND = 500;
const LEAST_MS = 3000;
const PEOPLE = 4000;
const CALLERS = { inFlight: 16, channels: 4 };
const WRITER_CPUS = 0.2; /* the client of the writes is nobody's */

function figures(name, { result, note: disturbance }) {
  const note = `${Math.round(result.callsPerSecond)} calls/s ${disturbance}`.trim();
  return [
    ['p50', result.p50_us],
    ['p99', result.p99_us],
    ['p999', result.p999_us],
  ].map(([which, us]) => figure({ name: `${name}_${which}`, unit: 'ms', ours: us / 1000, note }));
}

async function writes(session, region, ms) {
  const token = path.join(region.folder, 'writer.jwt');
  const who = ['--role', 'HOTLINE', '--channels', 'PHONE_12333', '--operator-id', '4711', '--assurance', '2'];
  writeFileSync(token, await region.token(...who), { mode: 0o600 });
  const args = ['--target', `127.0.0.1:${region.card.port}`, '--database', path.join(region.folder, 'card/card.db')];
  args.push('--token', token, '--rate', WRITES_A_SECOND, '--ms', ms);
  return await run(session.binary('tests/bench/write_vs_sqlite/report_loss_load'), args.map(String));
}

export default async function latency(session, options) {
  const region = await new Region(session).start({ people: PEOPLE });
  const load = await region.statusLoad();
  const others = [region.redis, region.card];
  const ms = Math.max(options.ms, LEAST_MS);
  const measure = (shape) => session.load(region.status, { ...load, ...shape }, ms, others);
  const full = await undisturbed(() => measure(CALLERS), options);
  const half = { rate: Math.max(1, Math.round(full.result.callsPerSecond / 2)), channels: 4 };
  const alone = await undisturbed(() => measure(half), options);
  const withWrites = async () => (await Promise.all([measure(half), writes(session, region, ms)]))[0];
  const otherMax = options.otherMax + WRITER_CPUS;
  const beside = await undisturbed(withWrites, { otherMax }, 1); /* each loss needs a card in use */
  return [...figures('latency', alone), ...figures('latency_with_writes', beside)];
}
