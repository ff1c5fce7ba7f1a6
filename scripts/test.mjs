import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { bin, command } from './command.mjs';
import { RECORD } from './test/progress-reporter.mjs';
import { readRecord } from './test/read-record.mjs';
import { closeStage } from './totals.mjs';
import { members, root } from './workspace.mjs';

// The tests of the project: builds, runs the unit tests of every package (cached by turbo), then the black-box tests
// over the build. Arguments go to turbo: `pnpm test --filter=@chaos/stats --force`. `pnpm test:slow` runs the slow
// black-box tests, with vitest's arguments: `pnpm test:slow --shard=1/2`.
const [, , ...words] = process.argv;
const slow = words[0] === '--slow';
const turboArguments = slow ? [] : words;
const vitestArguments = slow ? words.slice(1) : [];
const partly = turboArguments.some((argument) => argument.startsWith('--filter'));
// Real processes and servers on a busy machine: no test is judged by its duration.
const options = ['--testTimeout=60000', '--hookTimeout=60000', `--reporter=${root}/scripts/test/progress-reporter.mjs`];
/** Far more time than they need; it ends only tests that hang. */
const LIMIT_MS = { build: 600_000, unit: 1_200_000, black: 1_500_000 };

const started = performance.now();
const failures = [];
let passed = 0;
let skipped = 0;

// Some of the slow tests compile what users write against our declarations.
const steps = slow ? ['build', 'types'] : ['build'];
const built = await command([...bin('turbo'), 'run', ...steps, '--output-logs=errors-only'], {
  show: true,
  timeoutMs: LIMIT_MS.build,
});
if (built.code !== 0) failures.push({ name: 'build', message: `exit ${built.code}` });
if (!slow) await unitTests();
if (!partly) await blackBoxTests();
summarize();
closeStage(
  slow ? 'test:slow' : 'test',
  passed,
  failures.map(({ name }) => name),
);

async function unitTests() {
  const packages = members('packages').filter(({ manifest }) => manifest.scripts?.test !== undefined);
  for (const { path } of packages) rmSync(`${root}/${path}/${RECORD}`, { force: true });
  // One package at a time on two cores: vitest has its own workers, and the tests start real servers.
  const concurrency = Math.max(1, Math.floor(availableParallelism() / 2));
  const { code, cut } = await command(
    [
      ...bin('turbo'),
      'run',
      'test',
      `--concurrency=${concurrency}`,
      '--continue',
      '--output-logs=new-only',
      ...turboArguments,
      '--',
      ...options,
    ],
    { show: true, timeoutMs: LIMIT_MS.unit },
  );
  const before = failures.length;
  for (const { path } of packages) count(path, !partly);
  if (code !== 0 && failures.length === before)
    failures.push({ name: 'unit tests', message: cut ? 'cut by the time limit' : `turbo ended with ${code}` });
}

async function blackBoxTests() {
  rmSync(`${root}/tests/${RECORD}`, { force: true });
  const before = failures.length;
  const { code } = await command([...bin('vitest'), 'run', '--root', 'tests', ...options, ...vitestArguments], {
    show: true,
    timeoutMs: LIMIT_MS.black,
    env: { CHAOS_TESTS: slow ? 'slow' : 'fast' },
  });
  count('tests', true);
  if (code !== 0 && failures.length === before) failures.push({ name: 'tests', message: `vitest ended with ${code}` });
}

function count(path, expected) {
  const record = readRecord(`${root}/${path}/${RECORD}`, { folder: path });
  passed += record.passed;
  skipped += record.skipped;
  // With a filter, most packages did not run.
  if (expected || record.passed + record.skipped > 0) failures.push(...record.failures);
}

function summarize() {
  if (failures.length > 0) console.log(`\n${failures.length} failed:`);
  for (const { name, message, place } of failures)
    console.log(`\n× ${name}\n  ${message.split('\n').slice(0, 6).join('\n  ')}${place ? `\n  at ${place}` : ''}`);
  console.log(`\n${skipped} skipped, ${((performance.now() - started) / 1000).toFixed(0)} s`);
}
