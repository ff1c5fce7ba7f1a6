import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { median } from './measure.mjs';
import { ROWS } from './rows.mjs';

// pnpm bench target [--quick] [--rounds 3] [--row text]: measures, prints the table, writes it to docs/benchmarks/.
const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    row: { type: 'string', default: '' },
  },
  allowPositionals: true,
});
const rounds = values.quick ? 1 : Number(values.rounds);
const load = loadavg()[0];
const lines = [];
for (const row of ROWS.filter(({ name }) => name.includes(values.row))) {
  const rounded = [];
  for (let round = 0; round < rounds; round++) rounded.push(await row.run(values));
  const value = median(rounded);
  const met = row.bar.met(value);
  if (!met) process.exitCode = 1;
  lines.push(`| ${row.name} | ${row.print(value)} | ${row.bar.text} | ${met ? 'met' : '**not met**'} |`);
}
const text = `# What it costs to break a program

Written by \`pnpm bench target\` on ${new Date().toISOString().slice(0, 10)}: ${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}, Node ${process.version}. Medians of ${rounds} rounds, all over loopback;
server, proxies and client are a process each, and the two that are compared take turns. Load average when it began: ${load.toFixed(1)}, when it ended: ${loadavg()[0].toFixed(1)}.

| work | measured | bar | |
|---|---|---|---|
${lines.join('\n')}
`;
process.stdout.write(`\n${text}`);
if (values.row === '' && !values.quick) writeFileSync(resolve('../../docs/benchmarks/target.md'), text);
