// What the whole GetCardStatus costs beyond our own echo.
import { CLOSED, OPEN, compare } from '../lib/compare.mjs';
import { Region } from '../lib/region.mjs';
import { figure } from '../lib/report.mjs';

const METHOD = '/sscard.test.v1.EchoService/Echo';
const BAR = 2.5;
const BAR_OPEN = 2.75; /* at 18,000/s a ratio may exceed its bar by a tenth */

export default async function run(session, options) {
  const region = await new Region(session).start();
  const sides = {
    peer: { server: await session.server('tests/bench/bench_server', ['--echo']), load: { method: METHOD } },
    ours: { server: region.status, others: [region.redis, region.card], load: await region.statusLoad() },
  };
  const unit = 'CPU µs/call';
  const closed = await compare(session, sides, CLOSED, options);
  const open = await compare(session, sides, OPEN, options);
  return [
    figure({ name: 'status_vs_echo', unit, ...closed.cpuUs, bar: BAR, better: 'lower', note: closed.note }),
    figure({ name: 'status_vs_echo_open', unit, ...open.cpuUs, bar: BAR_OPEN, better: 'lower', note: open.note }),
  ];
}
