import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { median } from './measure.mjs';
import { ROWS } from './rows.mjs';

// pnpm bench target [--quick] [--rounds 3] [--row text] [--write]: measures, prints the table, writes it to
// docs/benchmarks/. Some rows alone are written there with --write, among the others, and told to be measured alone.
const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    row: { type: 'string', default: '' },
    write: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const rounds = values.quick ? 1 : Number(values.rounds);
const load = loadavg()[0];
const lines = [];
const measured = ROWS.filter(({ name }) => name.includes(values.row));
for (const row of measured) {
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
const page = resolve('../../docs/benchmarks/target.md');
if (values.row === '' && !values.quick) writeFileSync(page, text);
else if (values.write && !values.quick) writeFileSync(page, withRows(readFileSync(page, 'utf8')));

function withRows(before) {
  const alone = `Measured alone on ${new Date().toISOString().slice(0, 10)}, at a load average of ${load.toFixed(1)} to ${loadavg()[0].toFixed(1)}: `;
  let after = before;
  for (const [index, { name }] of measured.entries()) {
    const notes = after.split('\n').filter((line) => line.startsWith('Measured alone') && line.endsWith(`: ${name}.`));
    for (const note of notes) after = after.replace(`\n${note}\n`, '');
    const row = after.split('\n').find((line) => line.startsWith(`| ${name} |`));
    after = after.replace(row, lines[index]) + `\n${alone}${name}.\n`;
  }
  return after;
}
