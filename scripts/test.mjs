import { existsSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { bin, command } from './command.mjs';
import { closeStage } from './totals.mjs';
import { members, root } from './workspace.mjs';

// All tests of the project: build, unit tests of every package (cached by turbo), then the black-box tests over what
// was built. Arguments go to turbo: `pnpm test --filter=@chaos/stats --force`.
const REPORT = 'test-results/vitest.json';
// Real processes and servers on a busy machine: nothing here is judged by how long it takes.
const options = [
  '--testTimeout=60000',
  '--hookTimeout=60000',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${REPORT}`,
];
const turboArguments = process.argv.slice(2);
const partly = turboArguments.some((argument) => argument.startsWith('--filter'));

const packages = members('packages').filter(({ manifest }) => manifest.scripts?.test !== undefined);
for (const { path } of [...packages, { path: 'tests' }]) rmSync(`${root}/${path}/${REPORT}`, { force: true });

let passed = 0;
let failed = 0;

const built = await command([...bin('turbo'), 'run', 'build', '--output-logs=errors-only'], { show: true });
if (built.code !== 0) failed++;

// One package at a time on two cores: vitest has workers of its own, and the tests start real servers.
const concurrency = Math.max(1, Math.floor(availableParallelism() / 2));
const unit = await command(
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
  { show: true, timeoutMs: 1_200_000 },
);
const failedBefore = failed;
for (const { path } of packages) count(path, !partly);
if (unit.code !== 0 && failed === failedBefore) failed++;

if (!partly) {
  await command([...bin('vitest'), 'run', '--root', 'tests', '--passWithNoTests', ...options], {
    show: true,
    timeoutMs: 900_000,
  });
  count('tests', true);
}
closeStage('test', passed, failed);

function count(path, expected) {
  const file = `${root}/${path}/${REPORT}`;
  if (!existsSync(file)) {
    if (expected) failed++;
    if (expected) console.error(`${path}: wrote no ${REPORT}`);
    return;
  }
  const { numPassedTests, numFailedTests, success, testResults } = JSON.parse(readFileSync(file, 'utf8'));
  // A file that could not be loaded has no tests to fail.
  const unloadable = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const broken = numFailedTests + unloadable;
  passed += numPassedTests;
  failed += success || broken > 0 || numPassedTests === 0 ? broken : 1;
}
