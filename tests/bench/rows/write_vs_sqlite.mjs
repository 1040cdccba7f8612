// Durable ReportLoss a second at 128 in flight, against a bare loop that commits the same rows.
// The row has processes and an order of its own: see write_vs_sqlite/run.sh.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { figure } from '../lib/report.mjs';

const SCRIPT = fileURLToPath(new URL('../write_vs_sqlite/run.sh', import.meta.url));

export default async function run(session) {
  const env = { ...process.env, SUITE_BIN: session.bin, TMPDIR: session.scratch };
  const child = spawn('bash', [SCRIPT], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  session.running.push(child);
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`run.sh ended with ${code}`);
  const { write_vs_sqlite: row } = JSON.parse(output);
  const note = [`${row.group} a commit`, `${row.thrown_away} thrown away`];
  if (row.disturbed) note.push('DISTURBED');
  return [
    figure({
      name: 'write_vs_sqlite',
      unit: row.unit,
      peer: row.peer,
      ours: row.ours,
      ratio: row.ratio,
      bar: row.bar,
      better: 'higher',
      note: note.join(', '),
    }),
  ];
}
