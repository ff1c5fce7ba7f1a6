import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Time between two looks at the memory, ms. */
const LOOK_MS = 500;

/**
 * Runs the whole suite once. `cpuSeconds` are those of the run and of everything that it started and waited for;
 * `peakBytes` is the largest sum of the proportional set sizes (PSS, proc(5)) of all its processes.
 */
export async function measureRun({ root, args, folder }) {
  const argv = [join(root, 'packages/cli/dist/bin.cjs'), 'run', '--reporter', 'json', '--output', folder, ...args];
  // The shell reports the processor time of everything below it; nothing else here can.
  const child = spawn('bash', ['-c', 'TIMEFORMAT="cpu %U %S"; time "$@"', 'bash', process.execPath, ...argv], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let told = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (told += text));
  let peakBytes = 0;
  const looking = setInterval(() => (peakBytes = Math.max(peakBytes, memoryBelow(child.pid))), LOOK_MS);
  const begin = performance.now();
  const [code] = await once(child, 'close');
  clearInterval(looking);
  const wallMs = performance.now() - begin;
  const [, user, system] = /cpu ([\d.]+) ([\d.]+)\s*$/.exec(told) ?? [];
  if (user === undefined) throw new Error(`The run told no processor time:\n${told.slice(-2000)}`);
  const report = JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8'));
  return { code, wallMs, cpuSeconds: Number(user) + Number(system), peakBytes, tests: testsOf(report) };
}

function testsOf(report) {
  const specs = (suite) => [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specs)];
  return report.suites.flatMap(specs).flatMap(({ title, tests }) =>
    tests.map(({ status, results, chaos }) => {
      const last = results.at(-1);
      return {
        id: chaos.id ?? title,
        category: chaos.category,
        verdict: last?.chaos?.inconclusive === undefined ? status : 'inconclusive',
        error: results.flatMap(({ errors }) => errors)[0]?.message,
        ms: last?.duration ?? 0,
        faults: [...new Set((last?.chaos?.faults ?? []).map(({ name }) => name))],
        recoveriesMs: (last?.chaos?.recoveries ?? []).map(({ recoveryMs }) => recoveryMs),
      };
    }),
  );
}

function memoryBelow(pid) {
  const children = new Map();
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    // A process may be gone by now.
    const parent = read(`/proc/${entry}/stat`)
      ?.replace(/^.*\) \S /s, '')
      .split(' ')[0];
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), entry]);
  }
  const sum = (of) =>
    (Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${of}/smaps_rollup`) ?? '')?.[1] ?? 0) << 10) +
    (children.get(of) ?? []).reduce((total, child) => total + sum(child), 0);
  return sum(String(pid));
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
