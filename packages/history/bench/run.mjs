import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ROWS } from './rows.mjs';

// pnpm bench history [--quick] [--rounds 5] [--row text]: measures, prints the table, writes it to docs/benchmarks/.
const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    row: { type: 'string', default: '' },
  },
  allowPositionals: true,
});
const rounds = values.quick ? 1 : Number(values.rounds);
const rows = [];
for (const { name, bars } of ROWS.filter((row) => row.name.includes(values.row))) {
  const load = loadavg()[0];
  // A process of its own each time: what was allocated before is not its memory, what was compiled before is not its
  // speed.
  const samples = Array.from({ length: rounds }, () =>
    JSON.parse(
      execFileSync(process.execPath, ['--max-old-space-size=4096', resolve(import.meta.dirname, 'measure.mjs'), name], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
      }),
    ),
  );
  const figures = Object.fromEntries(
    Object.keys(samples[0]).map((figure) => [figure, median(samples.map((sample) => sample[figure]))]),
  );
  rows.push({
    name,
    load,
    figures,
    bars: bars.map(({ figure, max, min }) => ({
      text: `${figure} ${show(figures[figure])}, ${max === undefined ? `≥ ${min}` : `≤ ${max}`}`,
      met: max === undefined ? figures[figure] >= min : figures[figure] <= max,
    })),
  });
  process.stderr.write(`${line(rows.at(-1))}\n`);
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function show(number) {
  return Math.abs(number) >= 100 ? String(Math.round(number)) : number.toPrecision(3);
}

function line({ name, load, figures, bars }) {
  const cells = Object.entries(figures)
    .map(([figure, value]) => `${figure} ${show(value)}`)
    .join('<br>');
  return `| ${name} | ${cells} | ${bars.map(({ text }) => text).join('<br>')} | ${bars.map(({ met }) => (met ? 'met' : '**not met**')).join('<br>')} | ${load.toFixed(1)} |`;
}

const text = `# The speed of recording and checking histories

Written by \`pnpm bench history\` on ${new Date().toISOString().slice(0, 10)}: ${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}, Node ${process.version}. Medians of ${rounds}, each in a process of its own.
\`wallMs\` and \`cpuMs\` are of what the row names, without preparing its input; \`peakMb\` is the most that the whole process had, its input with it.
"load" is the load average when the row began: above 1, others had the processor, too; compare \`cpuMs\` then.

| work | measured | bar | | load |
|---|---|---|---|---|
${rows.map(line).join('\n')}
`;
process.stdout.write(`\n${text}`);
if (values.row === '') {
  const folder = resolve(import.meta.dirname, '../../../docs/benchmarks');
  mkdirSync(folder, { recursive: true });
  writeFileSync(resolve(folder, 'history.md'), text);
  writeFileSync(
    resolve(folder, 'history.json'),
    `${JSON.stringify({ node: process.version, cpus: cpus().length, rounds, rows }, undefined, 2)}\n`,
  );
}
