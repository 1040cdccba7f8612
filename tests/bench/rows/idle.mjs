// What a process costs that does nothing yet: memory, and the time from start to ready.
import { readFileSync } from 'node:fs';
import { Region } from '../lib/region.mjs';
import { figure } from '../lib/report.mjs';

const MEMORY_MB_MAX = 25;
const READY_S_MAX = 0.5;

export function residentMb(pid) {
  return Number(readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)[1]) / 1024;
}

export default async function idle(session) {
  const region = await new Region(session).start({ people: 0 });
  return ['card', 'status'].flatMap((name) => [
    figure({
      name: `idle_${name}`,
      unit: 'MB resident',
      ours: residentMb(region[name].pid),
      bar: MEMORY_MB_MAX,
      better: 'lower',
    }),
    figure({
      name: `idle_${name}_ready`,
      unit: 's to ready',
      ours: region[name].readyMs / 1000,
      bar: READY_S_MAX,
      better: 'lower',
    }),
  ]);
}
