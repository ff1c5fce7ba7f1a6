import { writeFileSync } from 'node:fs';
import { bin, command } from './command.mjs';
import { buildMutant } from './mutants/build-mutant.mjs';
import { PARTS } from './mutants/parts.mjs';
import { failuresOf } from './mutants/run-mutant.mjs';
import { root } from './workspace.mjs';

// How much do the suites see that nobody planned? Each mutant is the sample service with a small plausible change to a
// healthy part; it runs against the tests that are about it, and if they are silent against all of its part. `pnpm
// mutate [part or mutant…]`; `--whole` lets all tests of the part run in any case, `--near` only those that are about
// it; `--seconds=N` for each run (default 240); `--write` keeps the result in docs/benchmarks/mutants.md. A test that
// fails on the healthy service, too, has caught nothing.
// Written by hand: a tool's mutants (StrykerJS) are mostly of single operators, which the unit tests are about. What
// the suites are for is what a person changes: another order, another unit, another branch of an outage.
const flags = process.argv.slice(2).filter((argument) => argument.startsWith('--'));
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const seconds = Number(flags.find((flag) => flag.startsWith('--seconds='))?.split('=')[1] ?? 240);
const isWhole = flags.includes('--whole');
const isNear = flags.includes('--near');

const chosen = Object.entries(PARTS).flatMap(([part, mutants]) =>
  mutants
    .filter(({ name }) => wanted.length === 0 || wanted.includes(part) || wanted.includes(name))
    .map((mutant) => ({ part, ...mutant })),
);
if (chosen.length === 0 || !(seconds > 0)) {
  process.stderr.write(`Cannot mutate ${wanted.join(' ')}: parts are ${Object.keys(PARTS).join(', ')}\n`);
  process.exit(2);
}
const built = await command([...bin('turbo'), 'run', 'build', '--output-logs=errors-only']);
if (built.code !== 0) {
  process.stderr.write(built.output);
  process.exit(built.code);
}

const results = [];
for (const mutant of chosen) {
  const result = { ...mutant, ...(await judge(mutant)) };
  results.push(result);
  console.log(line(result));
}
const counted = results.filter(({ equivalent }) => equivalent === undefined);
const caught = counted.filter(({ by }) => by.length > 0);
const rate = `${caught.length} of ${counted.length} caught`;
const percent = counted.length === 0 ? '' : ` (${Math.round((100 * caught.length) / counted.length)} %)`;
console.log(`${rate}${percent}; ${results.length - counted.length} equivalent`);
if (flags.includes('--write')) writeFileSync(`${root}/docs/benchmarks/mutants.md`, page());
process.exitCode = caught.length === counted.length ? 0 : 1;

/** The ids of the tests that notice the mutant, and are silent without it. */
async function judge(mutant) {
  if (mutant.equivalent !== undefined && !wanted.includes(mutant.name)) return { by: [], ran: 0, cut: false };
  const { main, remove } = await buildMutant(mutant);
  try {
    const near = (mutant.near ?? []).map((name) => `suites/${name}.chaos.ts`);
    const rounds = isWhole ? [[`suites/${mutant.part}`, ...near]] : isNear ? [near] : [near, [`suites/${mutant.part}`]];
    let all = { by: [], ran: 0, cut: false };
    for (const filters of rounds) {
      const { failed, ran, cut } = await failuresOf(main, filters, { seconds, stopAtFirst: !isWhole });
      all = { by: await notAlike(failed), ran: Math.max(ran, all.ran), cut };
      if (all.by.length > 0) break;
    }
    return all;
  } finally {
    remove();
  }
}

// A test that fails on the healthy service, too, says nothing of the mutant.
async function notAlike(failed) {
  if (failed.length === 0) return [];
  const files = [...new Set(failed.map(({ file }) => file))];
  const healthy = await failuresOf(`${root}/packages/sample-service/dist/main.js`, files, { seconds });
  const alike = new Set(healthy.failed.map(({ id }) => id));
  return failed.map(({ id }) => id).filter((id) => !alike.has(id));
}

function line({ part, name, by, ran, cut, equivalent }) {
  const survived =
    equivalent === undefined || ran > 0 ? `survived ${ran} tests${cut ? ', time was up' : ''}` : 'not run';
  const told = by.length > 0 ? `caught by ${by.join(' ')}` : survived;
  return `${part.padEnd(12)} ${name.padEnd(36)} ${told}${equivalent === undefined ? '' : ` (equivalent: ${equivalent})`}`;
}

function page() {
  const row = ({ part, name, file, by, ran, equivalent }) =>
    `| ${part} | \`${name}\` | \`${file}\` | ${by.length > 0 ? by.join(' ') : `survived ${ran} tests`} | ${equivalent ?? ''} |`;
  return [
    '# Mutants of the sample service',
    '',
    `Written by \`pnpm mutate --write\`: small plausible changes to healthy parts, each run against the tests of its part${isWhole ? '' : ' until one failed'}. ${rate}${percent}.`,
    '',
    '| part | mutant | file | caught by | equivalent, because |',
    '|---|---|---|---|---|',
    ...results.map(row),
    '',
  ].join('\n');
}
