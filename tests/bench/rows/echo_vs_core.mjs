// Our server's unary echo, pipeline off, against the least that an echo on the C core can be.
import { CLOSED, OPEN, compare } from '../lib/compare.mjs';
import { figure } from '../lib/report.mjs';

const METHOD = '/sscard.test.v1.EchoService/Echo';
const BAR = 1.05;
const BAR_OPEN = 1.155; /* at 18,000/s a ratio may exceed its bar by a tenth */

export default async function run(session, options) {
  const sides = {
    peer: { server: await session.server('tests/bench/core_echo') },
    ours: { server: await session.server('tests/bench/bench_server', ['--echo']) },
  };
  const unit = 'CPU µs/call';
  const closed = await compare(session, sides, { ...CLOSED, method: METHOD }, options);
  const open = await compare(session, sides, { ...OPEN, method: METHOD }, options);
  return [
    figure({ name: 'echo_vs_core', unit, ...closed.cpuUs, bar: BAR, better: 'lower', note: closed.note }),
    figure({ name: 'echo_vs_core_open', unit, ...open.cpuUs, bar: BAR_OPEN, better: 'lower', note: open.note }),
  ];
}
