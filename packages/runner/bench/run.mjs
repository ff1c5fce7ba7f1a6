import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { judge } from './judge.mjs';
import { ROWS, removeProjects } from './rows.mjs';

// pnpm bench runner [--quick] [--rounds 5] [--row text]: measures, prints the table, writes it to docs/benchmarks/.
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
for (const row of ROWS.filter(({ name }) => name.includes(values.row))) {
  const samples = [];
  const load = loadavg()[0];
  try {
    for (let round = 0; round < rounds; round++) samples.push(await row.run());
    rows.push({ name: row.name, load, ...judge(row, samples) });
  } catch (error) {
    rows.push({ name: row.name, load, figures: [], bars: [], error: error.message.split('\n')[0] });
    process.stderr.write(`${row.name}: ${error.message}\n`);
  }
  process.stderr.write(`${lines(rows.at(-1)).join('\n')}\n`);
}

removeProjects();

function lines({ name, load, figures, bars, error }) {
  if (error) return [`| ${name} | ${error} | | not measured | ${load.toFixed(1)} |`];
  const cells = figures
    .map((figure) => `${figure.name} ${Math.round(figure.wallMs)} ms (cpu ${Math.round(figure.cpuMs)} ms)`)
    .join('<br>');
  return [
    `| ${name} | ${cells} | ${bars.map(({ text }) => text).join('<br>')} | ` +
      `${bars.map(({ met }) => (met ? 'met' : '**not met**')).join('<br>')} | ${load.toFixed(1)} |`,
  ];
}

const text = `# The runner's speed and memory

Written by \`pnpm bench runner\` on ${new Date().toISOString().slice(0, 10)}: ${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}, Node ${process.version}. Medians of ${rounds}; what is compared ran
in the same round, two test processes each, test files in TypeScript (node:test: JavaScript). Wall time with the processor time of all processes;
ratios and bars are of wall time, with the ratio of processor time beside it. "load" is the load average when the row began: above 2, others had the machine, too.
Where the time of a short test goes: [decision 0012](../decisions/0012-what-a-short-test-costs.md).

| work | measured | ratio and bar | | load |
|---|---|---|---|---|
${rows.flatMap(lines).join('\n')}
`;
process.stdout.write(`\n${text}`);
if (values.row === '') {
  const folder = resolve(import.meta.dirname, '../../../docs/benchmarks');
  mkdirSync(folder, { recursive: true });
  writeFileSync(resolve(folder, 'runner.md'), text);
  writeFileSync(
    resolve(folder, 'runner.json'),
    `${JSON.stringify({ node: process.version, cpus: cpus().length, rounds, rows }, undefined, 2)}\n`,
  );
}
