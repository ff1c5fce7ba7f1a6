import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './workspace.mjs';

// pnpm twins [--runs 10] [--load 20]: runs the tests of tests/twins against the healthy program and against each of its
// faulty twins, on a quiet machine and at this load. A healthy run that fails, or a faulty one that passes, fails it.
const { values } = parseArgs({
  options: { runs: { type: 'string', default: '10' }, load: { type: 'string', default: '20' } },
});
const folder = join(root, 'tests', 'twins');
const results = join(folder, 'chaos-results');
const BUGS = ['crash', 'gives-up', 'hang', 'idle', 'unhandled', 'wrong'];
let isGood = true;

for (const load of [0, Number(values.load)]) {
  const busy = Array.from({ length: load }, () => spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }));
  try {
    for (const bug of [undefined, ...BUGS]) await judge(bug, load);
  } finally {
    const ends = busy.map((child) => once(child, 'exit'));
    for (const child of busy) child.kill('SIGKILL');
    await Promise.all(ends);
  }
}
rmSync(results, { recursive: true, force: true });
process.exitCode = isGood ? 0 : 1;

async function judge(bug, load) {
  const counts = {};
  for (let run = 0; run < Number(values.runs); run++)
    for (const verdict of await verdictsOf(bug)) counts[verdict] = (counts[verdict] ?? 0) + 1;
  const bad =
    bug === undefined ? (counts.failed ?? 0) + (counts.missing ?? 0) : (counts.passed ?? 0) + (counts.missing ?? 0);
  if (bad > 0) isGood = false;
  const told = Object.entries(counts).map(([verdict, count]) => `${count} ${verdict}`);
  process.stdout.write(
    `${bad > 0 ? 'BAD ' : 'good'}  load ${load} (${loadavg()[0].toFixed(1)})  ${bug ?? 'healthy'}: ${told.join(', ')}\n`,
  );
}

// The verdict of each test that ran; without any, the run could not be judged.
async function verdictsOf(bug) {
  rmSync(results, { recursive: true, force: true });
  const chosen = bug === undefined ? [] : ['--variant', bug, '--grep', `@${bug}`];
  const args = [
    join(root, 'packages/cli/dist/bin.cjs'),
    'run',
    '--environment',
    'twins',
    '--reporter',
    'json',
    ...chosen,
  ];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: 'ignore' });
  await once(child, 'exit');
  try {
    const report = JSON.parse(readFileSync(join(results, 'results.json'), 'utf8'));
    const verdicts = testsOf(report).map(verdictOf);
    return verdicts.length > 0 ? verdicts : ['missing'];
  } catch {
    return ['missing'];
  }
}

function testsOf({ suites = [], specs = [] }) {
  return [...specs.flatMap(({ tests }) => tests), ...suites.flatMap(testsOf)];
}

function verdictOf({ status, annotations = [], results: attempts = [] }) {
  const isInconclusive = [...annotations, ...attempts.flatMap((attempt) => attempt.annotations ?? [])].some(
    ({ type }) => type === 'inconclusive',
  );
  if (isInconclusive) return 'inconclusive';
  return { expected: 'passed', unexpected: 'failed' }[status] ?? status;
}
