// ListAllowedActions (N1), all operations of a card, at half of saturation: how long a caller waits.
import { CLOSED, undisturbed } from '../lib/compare.mjs';
import { Region } from '../lib/region.mjs';
import { figure } from '../lib/report.mjs';

const P99_MS_MAX = 5;
const LEAST_MS = 2000;
const TRIES = 3; /* the one in the middle counts */

export default async function allowedActions(session, options) {
  const region = await new Region(session).start();
  const load = await region.statusLoad('ListAllowedActions');
  const others = [region.redis, region.card];
  const ms = Math.max(options.ms, LEAST_MS);
  const measure = (shape) => session.load(region.status, { ...load, ...shape }, ms, others);
  const { result: full } = await undisturbed(() => measure(CLOSED), options);
  const rate = Math.max(1, Math.round(full.callsPerSecond / 2));
  const tries = [];
  for (let i = 0; i < TRIES; i++) tries.push(await undisturbed(() => measure({ rate, channels: 4 }), options));
  tries.sort((a, b) => a.result.p99_us - b.result.p99_us);
  const { result: half, note: disturbance } = tries[TRIES >> 1];
  const note = `${Math.round(half.callsPerSecond)} calls/s ${disturbance}`.trim();
  return [
    figure({ name: 'allowed_actions_p50', unit: 'ms', ours: half.p50_us / 1000, note }),
    figure({ name: 'allowed_actions_p99', unit: 'ms', ours: half.p99_us / 1000, bar: P99_MS_MAX, better: 'lower', note }),
    figure({ name: 'allowed_actions_p999', unit: 'ms', ours: half.p999_us / 1000, note }),
    figure({ name: 'allowed_actions_cpu', unit: 'CPU µs/call', ours: full.cpuUs, note: 'at saturation' }),
  ];
}
