import { readFile } from 'node:fs/promises';
import { test, type Target } from '@chaos/test';

/** Share of the time that a process may wait for a CPU before its timing says nothing about the program. */
const MOST_WAITING = 0.1;

/**
 * Time that the main thread of a process was ready to run and had no CPU, ms, as the scheduler counts; NaN if it does
 * not.
 */
export async function runQueueWaitMs(pid: number | 'self'): Promise<number> {
  const [, waitedNs] = (await readFile(`/proc/${pid}/schedstat`, 'utf8').catch(() => '')).split(' ');
  return Number(waitedNs ?? NaN) / 1e6;
}

async function waits(
  pid: number,
): Promise<{ readonly target: number; readonly client: number; readonly stolen: number }> {
  const [target, client, stat] = await Promise.all([
    runQueueWaitMs(pid),
    runQueueWaitMs('self'),
    readFile('/proc/stat', 'utf8').catch(() => ''),
  ]);
  // Ticks of 10 ms that the hypervisor gave to others.
  return { target, client, stolen: Number(/^cpu +(?:\d+ +){7}(\d+)/m.exec(stat)?.[1] ?? 0) * 10 };
}

/**
 * Begins to watch whether the target and this process get the CPU time that they ask for. The function that it returns
 * ends the test as inconclusive, with the starvation as its evidence, if they did not: call it before a claim about
 * time fails. It does nothing where they were served well: then the target itself is slow.
 */
export async function notStarved(target: Pick<Target, 'process'>): Promise<(finding: string) => Promise<void>> {
  const pid = await target.process.pid();
  const before = await waits(pid);
  const beginMs = performance.now();
  return async (finding) => {
    const after = await waits(pid);
    const elapsedMs = performance.now() - beginMs;
    const parts = (['target', 'client', 'stolen'] as const)
      .map((who) => ({ who, ms: after[who] - before[who] }))
      .filter(({ ms }) => ms > elapsedMs * MOST_WAITING);
    if (parts.length === 0) return;
    const evidence = parts.map(({ who, ms }) =>
      who === 'stolen' ? `${ms} ms stolen by the hypervisor` : `the ${who} waited ${ms.toFixed(0)} ms for a CPU`,
    );
    test.inconclusive(`${finding}, but in ${elapsedMs.toFixed(0)} ms ${evidence.join(', ')}`);
  };
}
