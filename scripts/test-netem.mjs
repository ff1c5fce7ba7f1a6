import { existsSync, readFileSync, rmSync } from 'node:fs';
import { bin, command } from './command.mjs';
import { closeStage } from './totals.mjs';
import { bootAndRun } from './uml/boot.mjs';
import { userModeLinux } from './uml/install.mjs';
import { root } from './workspace.mjs';

// Runs the tests that need netem, on a kernel that has it: User-Mode Linux on this machine's files. `pnpm test:netem`
// runs the net-tc suite, the tests that compare packets with the proxy, and the chaos tests that require netem; `pnpm
// test:netem -- <command>` runs that command there instead, in the repository's root.
const TIMEOUT_MS = Number(process.env.CHAOS_NETEM_TIMEOUT_MS ?? 600_000);
const REPORT = 'test-results/netem.json';
const [, , ...words] = process.argv;
const own = words[0] === '--' ? words.slice(1) : words;

const netTc = {
  name: 'net-tc',
  cwd: `${root}/packages/net-tc`,
  report: `${root}/packages/net-tc/${REPORT}`,
  // Only tests that act on packets; all others are the same on every kernel.
  argv: [
    ...bin('vitest'),
    'run',
    'src/netem',
    'src/shaper',
    'src/restore',
    'src/show',
    'src/verify',
    '--reporter=verbose',
    '--reporter=json',
    `--outputFile.json=${REPORT}`,
  ],
  env: { CHAOS_REQUIRE_NETEM: '1' },
};
const backends = {
  name: 'tests',
  cwd: `${root}/tests`,
  report: `${root}/tests/${REPORT}`,
  argv: [
    ...bin('vitest'),
    'run',
    'link-backends',
    'delay-laws',
    '--reporter=verbose',
    '--reporter=json',
    `--outputFile.json=${REPORT}`,
  ],
  env: { CHAOS_REQUIRE_NETEM: '1' },
};
const packets = {
  name: 'suites/network',
  cwd: root,
  report: `${root}/test-results/netem/results.json`,
  argv: [
    process.execPath,
    'packages/cli/dist/bin.cjs',
    'suites/network/netem.chaos.ts',
    '--workers=1',
    '--reporter=list',
    '--output=test-results/netem',
    '--max-inconclusive=0',
  ],
};
// User-Mode Linux has one processor, so run two of them and halve the time.
const machines = own.length > 0 ? [[{ name: own.join(' '), cwd: root, argv: own }]] : [[netTc], [backends, packets]];
const suites = machines.flat();

const uml = await userModeLinux();
if (uml.missing !== undefined) {
  console.error(`Cannot boot a kernel with netem: missing ${uml.missing}`);
  closeStage('netem', 0, 1);
} else {
  const built = await command([...bin('turbo'), 'run', 'build', '--output-logs=errors-only'], { show: true });
  for (const { report } of suites) if (report !== undefined) rmSync(report, { force: true });
  const codes =
    built.code === 0
      ? (await Promise.all(machines.map((run) => bootAndRun(uml, run, { timeoutMs: TIMEOUT_MS })))).flat()
      : suites.map(() => undefined);
  const totals = suites.map((suite, index) => totalsOf(suite, codes[index]));
  closeStage('netem', sum(totals, 'passed'), sum(totals, 'failed'));
}

function totalsOf({ name, report }, code) {
  console.log(`netem: ${name}: ${code === undefined ? `no end within ${TIMEOUT_MS} ms` : `exit ${code}`}`);
  if (report === undefined || !existsSync(report)) return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 };
  const { numPassedTests, numFailedTests, stats } = JSON.parse(readFileSync(report, 'utf8'));
  // Nothing is missing here, so a skipped test counts as not run.
  const [passed, failed] =
    stats === undefined
      ? [numPassedTests, numFailedTests]
      : [stats.expected + stats.flaky, stats.unexpected + stats.skipped];
  return { passed, failed: failed > 0 || code === 0 ? failed : 1 };
}

function sum(totals, key) {
  return totals.reduce((total, one) => total + one[key], 0);
}
