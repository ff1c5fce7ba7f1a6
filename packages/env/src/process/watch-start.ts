import { EnvironmentError } from '@chaos/spec';
import { withDescendants } from './with-descendants.js';

const FIRST_LOOK_MS = 2000;
const LOOK_MS = 500;
/** Looks in a row that see the same: not a time, because this process may have been stopped, too. */
const LOOKS = 10;

/**
 * Watches a process of ours until it gives its first answer. Node waits for ever, without a word, where the system
 * gives it no thread: such a process sleeps and uses no CPU. Calls `onHang` with the reason; returns the end of the
 * watch.
 */
export function watchStart(who: string, pid: number, onHang: (error: EnvironmentError) => void): () => void {
  const start = performance.now();
  let before: string | undefined;
  let looks = 0;
  const look = (): void => {
    const state = stateOf(pid);
    looks = state !== undefined && state === before ? looks + 1 : 0;
    before = state;
    if (looks < LOOKS) return void (timer = setTimeout(look, LOOK_MS));
    const seconds = Math.round((performance.now() - start) / 1000);
    onHang(
      new EnvironmentError(`Cannot start a ${who} process: ${pid} hangs, ${seconds} s after its start`, {
        hint: 'Node hangs like this where it gets no thread: raise `ulimit -u` (or the pids limit of the container), or run fewer workers (--workers).',
        data: { pid },
      }),
    );
  };
  let timer = setTimeout(look, FIRST_LOOK_MS);
  return () => clearTimeout(timer);
}

/** What it has computed so far, while it and all below it sleep. A sandbox may have put a process above it. */
function stateOf(pid: number): string | undefined {
  const tree = withDescendants((stat) => stat.pid === pid);
  if (tree.length === 0 || tree.some(({ state }) => state !== 'S')) return undefined;
  return tree.map((stat) => `${stat.pid}:${stat.cpuTicks}`).join(' ');
}
