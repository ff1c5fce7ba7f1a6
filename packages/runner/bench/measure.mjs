import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

// bash adds up the processor time of all children it has waited for; that stays comparable on a busy machine.
const SCRIPT = '"$@"; code=$?; times >&3; exit $code';

/**
 * Runs a command line in a folder: returns wall and processor time, the peak memory of its first process, and its
 * output.
 */
export async function measure(command, { folder, env = {}, keepOutput = true }) {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(CHAOS_|CI$|NODE_|npm_|FORCE_COLOR)/.test(name)),
  );
  const start = performance.now();
  const child = spawn('bash', ['-c', SCRIPT, 'bash', process.execPath, ...command], {
    cwd: folder,
    env: { ...inherited, NO_COLOR: '1', TMPDIR: join(folder, 'tmp'), ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  let output = '';
  let bytes = 0;
  let times = '';
  child.stdout.on('data', (chunk) => ((bytes += chunk.length), keepOutput && (output += chunk)));
  child.stderr.on('data', (chunk) => keepOutput && (output += chunk));
  child.stdio[3].on('data', (chunk) => (times += chunk));
  let peakMb = 0;
  const watch = setInterval(() => (peakMb = Math.max(peakMb, peakOf(firstChild(child.pid)))), 20);
  const code = await new Promise((resolve, reject) => child.on('close', resolve).on('error', reject));
  clearInterval(watch);
  return { code, wallMs: performance.now() - start, cpuMs: cpuOf(times), peakMb, bytes, output };
}

function firstChild(pid) {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0];
  } catch {
    return '';
  }
}

function peakOf(pid) {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

function cpuOf(times) {
  const children = times.trim().split('\n')[1] ?? '';
  return [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (total, [, minutes, seconds]) => total + Number(minutes) * 60_000 + Number(seconds) * 1000,
    0,
  );
}
