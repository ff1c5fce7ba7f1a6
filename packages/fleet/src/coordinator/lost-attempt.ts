import type { Attempt, RunEvent } from '@chaos/spec';

/** Counts of agents that a test may lose before it is set aside. */
export const MOST_LOST = 2;

/** The attempt of a test whose agent was lost: it says nothing about the test. */
export function lostAttempt(
  start: Extract<RunEvent, { readonly type: 'test-start' }>,
  { agent, why, nowMs }: { readonly agent: string; readonly why: string; readonly nowMs: number },
): Attempt {
  const { testId, retry, workerIndex, parallelIndex, timeMs } = start;
  return {
    testId,
    retry,
    status: 'interrupted',
    startMs: timeMs,
    durationMs: Math.max(0, nowMs - timeMs),
    workerIndex,
    parallelIndex,
    seed: '',
    errors: [{ message: `The agent "${agent}" was lost while it ran this test: ${why}`, code: 'AGENT_LOST' }],
    steps: [],
    attachments: [],
    annotations: [{ type: 'lost', description: `lost with agent "${agent}"; it runs again elsewhere` }],
    stdout: [],
    stderr: [],
    phases: [],
    faults: [],
    recoveries: [],
    loads: [],
    failureClass: 'interrupted',
  };
}

/** The verdict on a test that lost its agent too often. */
export function poisonedAttempt(lost: Attempt, agents: readonly string[]): Attempt {
  return {
    ...lost,
    status: 'failed',
    errors: [
      {
        message: `Set aside: its agent was lost ${agents.length} times while it ran (${agents.join(', ')})`,
        code: 'AGENT_LOST',
        hint: 'Run it by itself: chaos run file:line. Does it kill its parent, or use up all memory?',
      },
    ],
    annotations: [{ type: 'poisoned', description: `it ended ${agents.length} agents` }],
    failureClass: 'worker',
  };
}
