// N12: sixty days of 100,000 cards on virtual time, from timer to timer, in order. The first sixty days after an import end
// all losses that came with it; the sixty after them are like any other.
import process from 'node:process';
import { Region } from '../lib/region.mjs';
import { figure } from '../lib/report.mjs';

const PEOPLE = 94100; // have 100,000 cards
const EVENTS = 100000;
const BAR_S = 1;

async function sixtyDays(region) {
  const began = process.hrtime.bigint();
  const { timersFired } = await region.ctl('clock', 'advance', '--by', '60d', '--timeout', '60s');
  return { seconds: Number(process.hrtime.bigint() - began) / 1e9, events: Number(timersFired) };
}

export default async function sandbox(session) {
  const region = await new Region(session).start({ people: PEOPLE, sandbox: true });
  await region.ctl('clock', 'advance', '--by', '1s'); // what was due long ago
  const spans = [
    { name: 'sandbox', ...(await sixtyDays(region)) },
    { name: 'sandbox_later', ...(await sixtyDays(region)) },
  ];
  return spans.flatMap(({ name, seconds, events }) => [
    figure({
      name,
      unit: 's for 60 days of 100 000 cards',
      ours: seconds,
      bar: BAR_S,
      better: 'lower',
      note: `${events} due events`,
    }),
    figure({ name: `${name}_events`, unit: 's a 100 000 due events', ours: (seconds / events) * EVENTS }),
  ]);
}
