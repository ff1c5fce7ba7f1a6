import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { haproxyVersion } from './processes.mjs';
import { paths } from './rig.mjs';
import { ROWS } from './rows.mjs';

// pnpm bench net [--quick] [--rounds 5] [--row text]: measures, prints the table, writes it to docs/benchmarks/.
const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    row: { type: 'string', default: '' },
  },
  allowPositionals: true,
});
if (haproxyVersion === undefined) {
  process.stderr.write(
    'Cannot bench: haproxy, which is measured beside the proxy, is not there; apt-get install haproxy\n',
  );
  process.exit(3);
}
const rounds = values.quick ? 1 : Number(values.rounds);
const chosen = ROWS.filter(({ name }) => name.includes(values.row));
const samples = new Map(chosen.map((row) => [row, []]));
const load = loadavg()[0];
for (let round = 0; round < rounds; round++) {
  const rig = await paths();
  for (const row of chosen) {
    if (row.once && round > 0) continue;
    try {
      samples.get(row).push(await row.run(rig, { quick: values.quick }));
    } catch (error) {
      process.stderr.write(`${row.name}: ${error.stack}\n`);
    }
  }
  rig.stop();
}
const rows = chosen.map((row) => ({
  name: row.name,
  ...(samples.get(row).length === 0 ? { figures: ['failed'], bars: [] } : row.judge(samples.get(row))),
}));
const lines = rows.map(
  ({ name, figures, bars }) =>
    `| ${name} | ${figures.join('<br>')} | ${bars.map(({ text }) => text.trim()).join('<br>')} | ${bars.map(({ met }) => (met ? 'met' : '**not met**')).join('<br>')} |`,
);
const text = `# The proxy's speed, accuracy and memory

Written by \`pnpm bench net\` on ${new Date().toISOString().slice(0, 10)}: ${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}, Node ${process.version}, haproxy ${haproxyVersion} in TCP mode with one thread. Medians of ${rounds} rounds;
in each everything is measured once, one after the other (round trips: turn by turn), all over loopback, server, proxy and client each a process.
"direct" is without a proxy; "bare Node" is the least that a proxy in Node can be, two \`socket.pipe\`s, and so the floor without what we do about memory;
"@chaos" is what \`chaos proxy\` runs, a thread with a young generation of 4 MB that gives the memory of large chunks back once they are written, and "as a library" the same
code in a process whose flags are not ours (Node 20 has no way to give memory back there; Node 22 has). Bars are for "@chaos"; latency and idle connections are the library's. Load average when it began: ${load.toFixed(1)}, when it ended: ${loadavg()[0].toFixed(1)} (the bench alone makes about 2).

| work | measured | bar | |
|---|---|---|---|
${lines.join('\n')}
`;
process.stdout.write(`\n${text}`);
if (values.row === '' && !values.quick) {
  const folder = resolve(import.meta.dirname, '../../../docs/benchmarks');
  mkdirSync(folder, { recursive: true });
  writeFileSync(resolve(folder, 'net.md'), text);
}
