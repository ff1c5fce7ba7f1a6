import { relative } from 'node:path';
import type { Location, TestCase } from '@chaos/spec';
import type { Whereabouts } from '../ipc/messages.js';
import { sayWhereabouts, seconds } from './say-whereabouts.js';
import { readProcessStat, withDescendants } from '@chaos/env/process';

/** A worker with the test it runs, as main knows it, and its own answer; `undefined` if it does not answer. */
export interface Asked {
  readonly slot: number;
  readonly workerIndex: number;
  readonly pid: number;
  readonly test:
    { readonly testId: string; readonly retry: number; readonly forMs: number; readonly timeoutMs: number } | undefined;
  readonly said: Whereabouts | undefined;
}

/** Describes running tests and where they hang, for people. */
export function tellRunning(
  asked: readonly Asked[],
  tests: ReadonlyMap<string, TestCase>,
  rootDir: string,
  done: number,
): string {
  const place = ({ file, line, column }: Location): string => `${relative(rootDir, file)}:${line}:${column}`;
  const busy = asked.filter(({ test, said }) => test !== undefined || said === undefined);
  const lines = busy.flatMap(({ slot, workerIndex, pid, test, said }) => {
    const of = test && tests.get(test.testId);
    const name = of
      ? `${[of.chaosId, ...of.titlePath].filter(Boolean).join(' › ')}  ${place(of.location)}`
      : 'between tests';
    const time = test
      ? `  ${seconds(test.forMs)}${test.timeoutMs > 0 ? ` of ${seconds(test.timeoutMs)}` : ''}${test.retry > 0 ? `, retry #${test.retry}` : ''}`
      : '';
    return [
      `  slot ${slot}, worker ${workerIndex} (pid ${pid})  ${name}${time}`,
      ...(said ? sayWhereabouts(said, rootDir) : [blocked(pid)]).map((line) => `    ${line}`),
    ];
  });
  return [
    `Running: ${busy.length} of ${asked.length} workers are busy, ${done} of ${tests.size} tests are done`,
    ...lines,
  ].join('\n');
}

// Only the kernel can tell what an unresponsive process does.
function blocked(pid: number): string {
  const below = withDescendants((stat) => stat.pid === pid)
    .slice(1)
    .map((stat) => stat.pid);
  const state = readProcessStat(pid)?.state;
  const doing =
    state === 'R'
      ? 'it is computing, in a loop without await?'
      : state === 'T'
        ? 'it is stopped (SIGSTOP)'
        : below.length > 0
          ? `it waits for process ${below.join(', ')}`
          : 'it waits in the kernel, in a synchronous call?';
  return `blocked: its event loop does not turn; ${doing}`;
}
