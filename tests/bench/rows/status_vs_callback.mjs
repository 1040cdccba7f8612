// Our whole GetCardStatus (token, permission, read audit, MGET, next steps) against the bare look-up
// that a team would write in C++.
import { CLOSED, OPEN, compare } from '../lib/compare.mjs';
import { Region } from '../lib/region.mjs';
import { figure } from '../lib/report.mjs';

const METHOD = '/sscard.test.v1.EchoService/Echo';
const BAR = 1.0;
const BAR_OPEN = 1.1; /* at 18,000/s a ratio may exceed its bar by a tenth */

export default async function run(session, options) {
  const redis = await session.redis();
  const region = await new Region(session).start();
  const sides = {
    peer: {
      server: await session.server('tests/bench/cpp_callback', [redis.socket]),
      others: [redis],
      load: { method: METHOD },
    },
    ours: { server: region.status, others: [region.redis, region.card], load: await region.statusLoad() },
  };
  const unit = 'CPU µs/call';
  const closed = await compare(session, sides, CLOSED, options);
  const open = await compare(session, sides, OPEN, options);
  return [
    figure({ name: 'status_vs_callback', unit, ...closed.cpuUs, bar: BAR, better: 'lower', note: closed.note }),
    figure({ name: 'status_vs_callback_open', unit, ...open.cpuUs, bar: BAR_OPEN, better: 'lower', note: open.note }),
  ];
}
