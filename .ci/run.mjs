import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, release, userInfo } from 'node:os';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bareMachine } from './bare-machine.mjs';
import { resultsOf } from '../scripts/results-of.mjs';
import { runStage } from './run-stage.mjs';

// Every stage runs as on a machine without extra software: a PATH of links, a fresh HOME and cache. Some run as root in
// this clone, some as an ordinary user in that user's own clone. Stages have time limits and continue after a failure;
// a stage that is cut off counts as a failure. The last line is the total. `.ci/run chaos user-chaos` runs only these
// stages.
const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
// 45 minutes is the goal; the rest is reserve for a busy machine.
const GOAL_SECONDS = 45 * 60;
const ALL_SECONDS = 80 * 60;
/** All slow tests on a quiet machine with two cores. */
const SLOW_SECONDS = 720;
const PNPM = ['npx', '-y', 'pnpm@10'];

// Not in /tmp, because the guest of test:netem mounts its own file system there.
const folder = mkdtempSync('/var/tmp/chaos-ci-');
const machine = bareMachine(folder);
const here = machine.owner(root);
const user = machine.user;
/** Name, seconds, user, command (or what makes it at its turn), and the path of the run's own report. */
const STAGES = [
  ['chaos', 600, here, [...PNPM, 'chaos'], 'chaos-results/results.json'],
  ['test', 1500, here, [...PNPM, 'test']],
  ['user-chaos', 600, user, [...PNPM, 'chaos', '--shuffle'], 'chaos-results/results.json'],
  [
    'user-test',
    900,
    user,
    // Without net-tc: in this stage's mount namespace an ordinary user cannot get a network namespace with full rights.
    [...PNPM, 'test', '--filter=@chaos/services', '--filter=@chaos/test'],
  ],
  ['check', 600, here, [...PNPM, 'check']],
  ['release', 450, here, [...PNPM, 'release', '--dry-run']],
  ['netem', 900, here, [...PNPM, 'test:netem']],
  ['verdict', 400, here, [...PNPM, 'test:slow', 'verdict-fuzz']],
  ['test:slow', 1200, here, () => [...PNPM, 'test:slow', `--shard=${shard()}`]],
];

console.log(
  `node ${process.version}, ${availableParallelism()} CPUs, Linux ${release()}, ${userInfo().username}; ${machine.told}`,
);
const wanted = process.argv.slice(2);
const started = performance.now();
const results = [];
try {
  for (const [name, seconds, who, argv, report] of STAGES) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    if (who === undefined) {
      console.log(`=== ${name}: not run: ${machine.noUser}`);
      results.push({ stage: name, passed: 0, failures: [machine.noUser] });
      continue;
    }
    const { checkout, argv: command, env } = who.through(typeof argv === 'function' ? argv() : argv);
    const totals = `${folder}/${name.replace(':', '-')}.totals`;
    writeFileSync(totals, '');
    chmodSync(totals, 0o666);
    rmSync(`${checkout}/chaos-results`, { recursive: true, force: true });
    const left = ALL_SECONDS - (performance.now() - started) / 1000;
    const box = Math.max(1, Math.floor(Math.min(seconds, left)));
    const code = await runStage({
      name,
      argv: command,
      cwd: checkout,
      env: { ...env, STAGE_TOTALS_FILE: totals },
      seconds: box,
    });
    results.push(totalsOf(name, code, { totals, report: report && `${checkout}/${report}` }));
  }
} finally {
  machine.remove();
}
console.log(`=== ${((performance.now() - started) / 1000).toFixed(0)} s in all`);
for (const { stage, passed, failures } of results) {
  for (const name of failures) console.log(`  ${stage} × ${name}`);
  console.log(`${stage}: ${passed} passed, ${failures.length} failed`);
}
const passed = results.reduce((total, result) => total + result.passed, 0);
const failed = results.flatMap(({ failures }) => failures).length;
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = results.length > 0 && failed === 0 ? 0 : 1;

// Whole, the slow tests would take a third of the time: each commit runs a share of their files, the next most likely
// another. The share is what the goal has time for on this machine, from a half to an eighth. `pnpm test:slow` runs all.
function shard() {
  const spent = (performance.now() - started) / 1000;
  const pace = Math.max(1, spent / (GOAL_SECONDS - SLOW_SECONDS / 2));
  const left = Math.max(0, GOAL_SECONDS - spent);
  const shards = Math.min(8, Math.max(2, Math.ceil((SLOW_SECONDS * pace) / (left + 1))));
  const { stdout } = spawnSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' });
  return `${(Number.parseInt(stdout.slice(0, 4), 16) % shards) + 1}/${shards}`;
}

/** Totals counted by the stage itself; a stage that ended badly without naming a failure counts as one failure. */
function totalsOf(stage, code, { totals, report }) {
  const counts = { stage, passed: 0, failures: [] };
  for (const line of readFileSync(totals, 'utf8').split('\n').filter(Boolean)) {
    const { passed, failures } = JSON.parse(line);
    counts.passed += passed;
    counts.failures.push(...failures);
  }
  const results = report && resultsOf(report);
  if (results !== undefined) {
    counts.passed += results.passed;
    counts.failures.push(...results.failures);
  }
  if ((code !== 0 || counts.passed === 0) && counts.failures.length === 0) counts.failures.push(`exit ${code}`);
  return counts;
}
