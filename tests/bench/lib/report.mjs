// Figures to a table for people and to JSON for programs.
//
// A figure: {name, peer, ours, ratio, bar, better: 'lower' | 'higher', unit, note}. `bar` is for the
// ratio, or for `ours` when there is no peer; without one the figure is only reported.
export function figure(fields) {
  const value = fields.ratio ?? fields.ours;
  const judged = fields.bar !== undefined && fields.bar !== null;
  const pass = judged ? (fields.better === 'higher' ? value >= fields.bar : value <= fields.bar) : undefined;
  return { ...fields, pass };
}

function number(value) {
  if (value === undefined || value === null) return '–';
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en').replace(/,/g, ' ');
  return value.toFixed(2);
}

function verdict(f) {
  if (f.failed) return 'NOT MEASURED';
  if (f.pass === undefined) return 'reported';
  return f.pass ? 'pass' : 'MISSED';
}

function barText(f) {
  if (f.bar === undefined || f.bar === null) return '–';
  return `${f.better === 'higher' ? '≥' : '≤'} ${f.bar.toFixed(2)}${f.ratio === undefined ? '' : '×'}`;
}

export function printTable(figures) {
  const lines = [['figure', 'unit', 'peer', 'ours', 'ratio', 'bar', 'verdict']];
  for (const f of figures)
    lines.push([
      f.name,
      f.unit ?? '',
      number(f.peer),
      number(f.ours),
      f.ratio === undefined ? '–' : `${f.ratio.toFixed(3)}×`,
      barText(f),
      verdict(f),
    ]);
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  console.log('');
  for (const [i, line] of lines.entries()) {
    const note = i > 0 ? (figures[i - 1].failed ?? figures[i - 1].note ?? '') : '';
    const cells = line.map((cell, column) => (column < 2 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])));
    console.log(`${cells.join('  ')}  ${note}`.trimEnd());
  }
}

export function jsonOf(figures) {
  const json = {};
  for (const f of figures) {
    json[f.name] = {
      ratio: f.ratio ?? null,
      bar: f.bar ?? null,
      pass: f.failed ? false : (f.pass ?? null),
      ours: f.ours ?? null,
      peer: f.peer ?? null,
      unit: f.unit ?? '',
    };
    const note = f.failed ?? f.note;
    if (note) json[f.name].note = note;
  }
  return json;
}
