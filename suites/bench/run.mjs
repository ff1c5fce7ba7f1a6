import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureRun } from './measure-run.mjs';
import { summarize } from './summarize.mjs';

// The suites as their users meet them: time, processor, memory and verdicts of whole runs on a healthy service, each in
// another order. `pnpm bench suites --runs=30`; `--write` keeps the figures in docs/benchmarks.
const root = join(import.meta.dirname, '../..');
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '3' },
    write: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
  },
});

const runs = [];
for (let index = 0; index < Number(values.runs); index += 1) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-suites-'));
  const load = loadavg()[0];
  try {
    const only = values.only === '' ? [] : [values.only];
    const run = await measureRun({ root, folder, args: [...only, '--shuffle', String(index)] });
    runs.push({ ...run, load });
    const bad = run.tests.filter(({ verdict }) => !['expected', 'skipped'].includes(verdict));
    console.log(
      `run ${index + 1}: exit ${run.code}, ${(run.wallMs / 1000).toFixed(0)} s, ${run.cpuSeconds.toFixed(0)} CPU-s, ` +
        `${Math.round(run.peakBytes / 2 ** 20)} MiB, load before ${load.toFixed(1)}` +
        bad.map(({ id, verdict, error = '' }) => `\n  ${id} ${verdict}: ${error.slice(0, 1500)}`).join(''),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const { rows, tests } = summarize(runs);
const table = [
  '| what | measured | bar | |',
  '|---|---|---|---|',
  ...rows.map(({ what, measured, bar, met }) => `| ${what} | ${measured} | ${bar} | ${met ? 'met' : '**not met**'} |`),
].join('\n');
console.log(`\n${table}`);
if (values.write) {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}, Node ${process.version}`;
  const data = { schemaVersion: 1, commit, machine, runs: runs.length, tests };
  writeFileSync(join(root, 'docs/benchmarks/suites.json'), `${JSON.stringify(data, null, 2)}\n`);
  const loads = runs.map(({ load }) => load.toFixed(1)).join(', ');
  const head = `Written by \`pnpm bench suites --write\` on ${new Date().toISOString().slice(0, 10)}, commit ${commit}: ${machine}.
${runs.length} runs of everything, each in another order; load average before each: ${loads}.`;
  writeFileSync(
    join(root, 'docs/benchmarks/suites.md'),
    `# The suites' time, memory and verdicts\n\n${head}\n\n${table}\n`,
  );
}
process.exitCode = rows.every(({ met }) => met) ? 0 : 1;
