// One MGET of four keys and a fixed reply, against a C++ server tuned by hand.
import { CLOSED, OPEN, compare } from '../lib/compare.mjs';
import { figure } from '../lib/report.mjs';

const METHOD = '/sscard.test.v1.EchoService/Echo';
const BAR = 0.95;
const BAR_OPEN = 1.045; /* at 18,000/s a ratio may exceed its bar by a tenth */

export default async function run(session, options) {
  const redis = await session.redis();
  const ours = ['--lookup', '--redis', redis.socket];
  const sides = {
    peer: { server: await session.server('tests/bench/cpp_async', [redis.socket]), others: [redis] },
    ours: { server: await session.server('tests/bench/bench_server', ours), others: [redis] },
  };
  const unit = 'CPU µs/call';
  const closed = await compare(session, sides, { ...CLOSED, method: METHOD }, options);
  const open = await compare(session, sides, { ...OPEN, method: METHOD }, options);
  return [
    figure({ name: 'lookup_vs_cpp', unit, ...closed.cpuUs, bar: BAR, better: 'lower', note: closed.note }),
    figure({ name: 'lookup_vs_cpp_open', unit, ...open.cpuUs, bar: BAR_OPEN, better: 'lower', note: open.note }),
  ];
}
