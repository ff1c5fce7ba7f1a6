import { existsSync, readFileSync, rmSync } from 'node:fs';
import { bin, command } from './command.mjs';
import { resultsOf } from './results-of.mjs';
import { closeStage } from './totals.mjs';
import { bootAndRun } from './uml/boot.mjs';
import { fillCache } from './uml/fill-cache.mjs';
import { userModeLinux } from './uml/install.mjs';
import { root } from './workspace.mjs';

// Runs the tests that need netem, on a kernel that has it: User-Mode Linux on this machine's files. `pnpm test:netem`
// runs the net-tc suite, the tests that compare packets with the proxy, and the chaos tests that require netem; `pnpm
// test:netem -- <command>` runs that command there instead, in the repository's root.
const TIMEOUT_MS = Number(process.env.CHAOS_NETEM_TIMEOUT_MS ?? 840_000);
const [, , ...words] = process.argv;
const own = words[0] === '--' ? words.slice(1) : words;

const netTc = unitTests('net-tc', `${root}/packages/net-tc`, [
  'src/netem',
  'src/shaper.test.ts',
  // Not the folder of the same name, whose tests are the same on every kernel.
  'src/verify.test.ts',
]);
const devices = unitTests('net-tc devices', `${root}/packages/net-tc`, ['src/restore.test.ts', 'src/show.test.ts']);
const backends = unitTests('tests', `${root}/tests`, ['link-backends', 'delay-laws']);
const packets = {
  name: 'suites/network',
  cwd: root,
  report: `${root}/test-results/netem/results.json`,
  read: suitesOf,
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
// User-Mode Linux has one processor, so run two of them, of about the same length.
const machines =
  own.length > 0 ? [[{ name: own.join(' '), cwd: root, argv: own }]] : [[netTc], [backends, packets, devices]];
const suites = machines.flat();

const built = await command([...bin('turbo'), 'run', 'build', '--output-logs=errors-only'], { show: true });
const uml = await userModeLinux();
if (built.code !== 0) closeStage('netem', 0, ['build']);
else if (uml.missing !== undefined) {
  console.error(`Cannot boot a kernel with netem: missing ${uml.missing}`);
  closeStage('netem', 0, ['boot']);
} else {
  const guest = { ...uml, cache: await fillCache() };
  for (const { report } of suites) if (report !== undefined) rmSync(report, { force: true });
  const codes = await Promise.all(machines.map((run) => bootAndRun(guest, run, { timeoutMs: TIMEOUT_MS })));
  const totals = suites.map((suite, index) => totalsOf(suite, codes.flat()[index]));
  closeStage(
    'netem',
    totals.reduce((total, { passed }) => total + passed, 0),
    totals.flatMap(({ failures }) => failures),
  );
}

function unitTests(name, cwd, files) {
  const report = `${cwd}/test-results/${name.replaceAll(' ', '-')}.json`;
  return {
    name,
    cwd,
    report,
    read: unitTestsOf,
    argv: [...bin('vitest'), 'run', ...files, '--reporter=verbose', '--reporter=json', `--outputFile.json=${report}`],
    env: { CHAOS_REQUIRE_NETEM: '1' },
  };
}

function totalsOf({ name, report, read }, code) {
  const end = code === undefined ? `no end within ${TIMEOUT_MS} ms` : `exit ${code}`;
  console.log(`netem: ${name}: ${end}`);
  const { passed, failures } = read?.(report) ?? { passed: code === 0 ? 1 : 0, failures: [] };
  // What ended badly without naming a test is a failure by itself.
  return { passed, failures: (failures.length > 0 || code === 0 ? failures : [end]).map((what) => `${name}: ${what}`) };
}

// Nothing is missing in this kernel, so a skipped test counts as not run.
function suitesOf(report) {
  const results = resultsOf(report);
  return results && { passed: results.passed, failures: results.notOk };
}

function unitTestsOf(report) {
  if (!existsSync(report)) return undefined;
  const { numPassedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  return {
    passed: numPassedTests,
    failures: tests.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName),
  };
}
