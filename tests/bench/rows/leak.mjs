// Memory of status after a million calls, against after the first 300,000.
import { CLOSED } from '../lib/compare.mjs';
import { Region } from '../lib/region.mjs';
import { figure } from '../lib/report.mjs';
import { residentMb } from './idle.mjs';

const FIRST = 300000;
const LAST = 1000000;
const BAR = 1.02;
const SLICE_MS = 3000;
const SLICES_MAX = 60;

export default async function leak(session) {
  const region = await new Region(session).start();
  const load = { ...(await region.statusLoad()), ...CLOSED };
  let calls = 0;
  let first = 0;
  for (let slice = 0; calls < LAST && slice < SLICES_MAX; slice++) {
    if (slice % 20 === 19) Object.assign(load, await region.statusLoad()); /* a token lives 15 minutes */
    calls += (await session.load(region.status, load, SLICE_MS, [region.redis, region.card])).calls;
    if (!first && calls >= FIRST) first = residentMb(region.status.pid);
  }
  if (calls < LAST) throw new Error(`only ${calls} calls in the time given`);
  const last = residentMb(region.status.pid);
  const note = `${calls} calls`;
  return [
    figure({ name: 'leak', unit: 'MB', peer: first, ours: last, ratio: last / first, bar: BAR, better: 'lower', note }),
  ];
}
