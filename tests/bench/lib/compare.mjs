// Two servers under the same load, A B B A, so that a slow drift of the machine hits both alike.
// A round in which somebody else ran is thrown away and counted.
export const CLOSED = { inFlight: 160, channels: 1 };
export const OPEN = { rate: 18000, channels: 4 };

const ATTEMPTS_A_ROUND = 4;

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function mean(a, b) {
  return (a + b) / 2;
}

async function measureRound(session, sides, load, ms) {
  const measured = { peer: [], ours: [] };
  for (const side of ['peer', 'ours', 'ours', 'peer']) {
    const { server, others } = sides[side];
    measured[side].push(await session.load(server, { ...load, ...sides[side].load }, ms, others));
  }
  const all = [...measured.peer, ...measured.ours];
  const side = ([a, b]) => ({
    cpuUs: mean(a.cpuUs, b.cpuUs),
    callsPerSecond: mean(a.callsPerSecond, b.callsPerSecond),
    p50Us: mean(a.p50_us, b.p50_us),
    p99Us: mean(a.p99_us, b.p99_us),
    p999Us: mean(a.p999_us, b.p999_us),
  });
  return { other: Math.max(...all.map((m) => m.otherCpus)), peer: side(measured.peer), ours: side(measured.ours) };
}

function summarize(rounds, name) {
  const summary = { ratio: median(rounds.map((r) => r.ours[name] / r.peer[name])) };
  for (const side of ['peer', 'ours']) summary[side] = median(rounds.map((r) => r[side][name]));
  return summary;
}

// One measurement, repeated while somebody else runs: {result, note}.
export async function undisturbed(measure, options, attempts = ATTEMPTS_A_ROUND) {
  let best;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const result = await measure();
    if (!best || result.otherCpus < best.otherCpus) best = result;
    if (best.otherCpus <= options.otherMax) break;
  }
  const note = best.otherCpus <= options.otherMax ? '' : `disturbed: others took ${best.otherCpus.toFixed(2)} CPUs`;
  return { result: best, note };
}

// sides: {peer, ours}, each {server, others: processes whose CPU is neither side's nor a stranger's}.
export async function compare(session, sides, load, options) {
  const good = [];
  const thrown = [];
  while (good.length < options.rounds && good.length + thrown.length < options.rounds * ATTEMPTS_A_ROUND) {
    const round = await measureRound(session, sides, load, options.ms);
    (round.other <= options.otherMax ? good : thrown).push(round);
  }
  let note = thrown.length ? `${thrown.length} disturbed rounds thrown away` : '';
  if (good.length < options.rounds) {
    // Better a figure that says what it is worth than none.
    thrown.sort((a, b) => a.other - b.other);
    const filled = options.rounds - good.length;
    good.push(...thrown.splice(0, filled));
    note = `${filled} of ${options.rounds} rounds disturbed: the machine was never quiet`;
  }
  return {
    note,
    cpuUs: summarize(good, 'cpuUs'),
    callsPerSecond: summarize(good, 'callsPerSecond'),
    p99Us: summarize(good, 'p99Us'),
  };
}
