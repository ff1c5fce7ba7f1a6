import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createRandom } from '@chaos/stats';
import { killOwners } from './kills.mjs';

// pnpm bench net-tc [--quick] [--seed text]: kills owners of faults and counts what is left a second later; writes
// docs/benchmarks/net-tc.md.
const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, seed: { type: 'string', default: 'net-tc' } },
  allowPositionals: true,
});
const count = values.quick ? 20 : 200;
const load = loadavg()[0];
const random = createRandom(values.seed, 'kills');
const results = await killOwners(
  count,
  () => random.next(),
  (line) => process.stderr.write(`${line}\n`),
);
const bad = results.filter(({ left, lost }) => left.length > 0 || lost > 0);
for (const one of bad) process.stderr.write(`${JSON.stringify(one)}\n`);

const rows = ['setting up', 'acting'].map((phase) => {
  const of = results.filter((one) => one.phase === phase);
  return `| SIGKILL while ${phase} | ${of.length} | ${of.filter(({ left }) => left.length > 0).length} | ${of.filter(({ lost }) => lost > 0).length} | ${of.every(({ left, lost }) => left.length + lost === 0) ? 'met' : '**not met**'} |`;
});
const text = `# What is left of faults whose owner is killed

Written by \`pnpm bench net-tc\` on ${new Date().toISOString().slice(0, 10)}: ${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}, Node ${process.version}, load average ${load.toFixed(1)} at the start. Each owner has three faults (a
partition, a rate, a rate on what arrives) on \`lo\` of a namespace that lives on, and a guard; looked at 1 s after its SIGKILL: rules of nft, qdiscs, devices and processes, and whether packets pass.

| | times | with leftovers | with lost packets | 0 leftovers after 1 s |
|---|---|---|---|---|
${rows.join('\n')}
`;
process.stdout.write(`\n${text}`);
if (!values.quick) {
  const folder = resolve(import.meta.dirname, '../../../docs/benchmarks');
  mkdirSync(folder, { recursive: true });
  writeFileSync(resolve(folder, 'net-tc.md'), text);
}
process.exitCode = bad.length === 0 ? 0 : 1;
