import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

const KILL_AFTER_MS = 20_000;

/**
 * Runs one stage without standard input and resolves to its exit code. When its time is up, it prints the running
 * processes and ends them: with SIGTERM, so that the stage can sum up its results, then with SIGKILL.
 */
export function runStage({ name, argv, cwd, env, seconds }) {
  console.log(`=== ${name}: ${argv.slice(-4).join(' ')} (at most ${seconds} s)`);
  const startedMs = performance.now();
  return new Promise((resolve) => {
    let cut = false;
    let known = [];
    const child = spawn(argv[0], argv.slice(1), { cwd, env, stdio: ['ignore', 'inherit', 'inherit'] });
    const signal = (all, which) => {
      for (const { pid } of all) {
        try {
          process.kill(pid, which);
        } catch {
          // It has ended.
        }
      }
    };
    const limit = setTimeout(() => {
      cut = true;
      known = descendants(child.pid);
      console.log(`=== ${name}: CUT after ${seconds} s; running was:`);
      for (const { pid, command } of known) console.log(`      ${pid} ${command.slice(0, 160)}`);
      // The command notices that its ancestor is gone, and our scripts forward the signal: both then sum up their
      // results.
      signal([{ pid: child.pid }, ...known.filter(({ command }) => command.includes('node scripts/'))], 'SIGTERM');
      const deadlineMs = performance.now() + KILL_AFTER_MS;
      const wait = setInterval(() => {
        if (known.some(isAlive) && performance.now() < deadlineMs) return;
        clearInterval(wait);
        signal([{ pid: child.pid }, ...known], 'SIGKILL');
        end(124);
      }, 200);
    }, seconds * 1000);
    const end = (code) => {
      clearTimeout(limit);
      console.log(
        `=== ${name}: ${cut ? 'CUT' : `exit ${code}`} after ${((performance.now() - startedMs) / 1000).toFixed(0)} s of ${seconds}`,
      );
      resolve(code);
    };
    child.once('error', (error) => {
      console.log(`=== ${name}: cannot run ${argv[0]}: ${error.message}`);
      end(127);
    });
    child.once('exit', (code) => {
      if (!cut) end(code ?? 1);
    });
  });
}

function isAlive({ pid, command }) {
  return readProcess(String(pid)).some((one) => one.command === command);
}

/** All descendants of a process, with their command lines. */
function descendants(ancestor) {
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap(readProcess);
  const found = [];
  const parents = [ancestor];
  for (let parent = parents.shift(); parent !== undefined; parent = parents.shift())
    for (const one of processes)
      if (one.parent === parent) {
        found.push(one);
        parents.push(one.pid);
      }
  return found;
}

function readProcess(name) {
  try {
    const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return [{ pid: Number(name), parent, command }];
  } catch {
    return [];
  }
}
