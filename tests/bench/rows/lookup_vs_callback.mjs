// The same look-up against what a team would write in C++: the callback API, hiredis on a thread.
import { CLOSED, OPEN, compare } from '../lib/compare.mjs';
import { figure } from '../lib/report.mjs';

const METHOD = '/sscard.test.v1.EchoService/Echo';
const BAR_THROUGHPUT = 1.6;
const BAR_CPU = 0.6;
const BAR_CPU_OPEN = 0.66; /* at 18,000/s a ratio may exceed its bar by a tenth */

export default async function run(session, options) {
  const redis = await session.redis();
  const ours = ['--lookup', '--redis', redis.socket];
  const sides = {
    peer: { server: await session.server('tests/bench/cpp_callback', [redis.socket]), others: [redis] },
    ours: { server: await session.server('tests/bench/bench_server', ours), others: [redis] },
  };
  const unit = 'CPU µs/call';
  const closed = await compare(session, sides, { ...CLOSED, method: METHOD }, options);
  const open = await compare(session, sides, { ...OPEN, method: METHOD }, options);
  return [
    figure({
      name: 'lookup_vs_callback',
      unit: 'calls/s',
      ...closed.callsPerSecond,
      bar: BAR_THROUGHPUT,
      better: 'higher',
      note: closed.note,
    }),
    figure({ name: 'lookup_vs_callback_cpu', unit, ...closed.cpuUs, bar: BAR_CPU, better: 'lower', note: closed.note }),
    figure({
      name: 'lookup_vs_callback_cpu_open',
      unit,
      ...open.cpuUs,
      bar: BAR_CPU_OPEN,
      better: 'lower',
      note: open.note,
    }),
  ];
}
