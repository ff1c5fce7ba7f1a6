import type { Attempt, RunEvent, SampleScope } from '@chaos/spec';

/** How events of an agent look in the report of the whole run. */
export interface Patch {
  /** Name of the agent. */
  readonly host: string;
  readonly slotOffset: number;
  /** The number in the report for a worker of the agent. */
  readonly worker: (index: number) => number;
  /** Attempts of this test that were lost with their agents: they are counted, too. */
  readonly lost: (testId: string) => number;
  /** Place of an attached file here; `undefined` if it did not arrive whole. */
  readonly file: (path: string) => string | undefined;
}

/** An event of an agent, as the report of the run has it. */
export function patchEvent(event: RunEvent, patch: Patch): RunEvent {
  const { slot, worker } = event.origin ?? {};
  const origin = {
    host: patch.host,
    ...(slot !== undefined && { slot: slot + patch.slotOffset }),
    ...(worker !== undefined && { worker: patch.worker(worker) }),
  };
  return { ...patchBody(event, patch), origin };
}

function patchBody(event: RunEvent, patch: Patch): RunEvent {
  const { slotOffset, worker, lost } = patch;
  switch (event.type) {
    case 'slot-state':
      return { ...event, slot: event.slot + slotOffset };
    case 'test-start':
      return {
        ...event,
        retry: event.retry + lost(event.testId),
        workerIndex: worker(event.workerIndex),
        parallelIndex: event.parallelIndex < 0 ? event.parallelIndex : event.parallelIndex + slotOffset,
      };
    case 'fault-start':
    case 'fault-end':
    case 'step-start':
    case 'step-end':
      return { ...event, retry: event.retry + lost(event.testId) };
    case 'test-output':
      return event.testId === undefined ? event : { ...event, retry: (event.retry ?? 0) + lost(event.testId) };
    case 'test-end':
      return { ...event, attempt: patchAttempt(event.attempt, patch) };
    case 'sample':
      return { ...event, sample: { ...event.sample, scope: scopeOf(event.sample.scope, slotOffset) } };
    default:
      return event;
  }
}

function patchAttempt(attempt: Attempt, { host, slotOffset, worker, lost, file }: Patch): Attempt {
  const { parallelIndex, testId } = attempt;
  const missing: string[] = [];
  const attachments = attempt.attachments.map(({ path, ...rest }) => {
    const here = path === undefined ? undefined : file(path);
    if (path !== undefined && here === undefined) missing.push(rest.name);
    return here === undefined ? rest : { ...rest, path: here };
  });
  return {
    ...attempt,
    retry: attempt.retry + lost(testId),
    workerIndex: worker(attempt.workerIndex),
    parallelIndex: parallelIndex < 0 ? parallelIndex : parallelIndex + slotOffset,
    attachments,
    annotations: [
      ...attempt.annotations,
      { type: 'agent', description: host },
      ...missing.map((name) => ({ type: 'fleet', description: `the attachment "${name}" did not arrive` })),
    ],
  };
}

function scopeOf(scope: SampleScope, offset: number): SampleScope {
  const [, kind, index] = /^(slot|worker|target)-(\d+)$/.exec(scope) ?? [];
  return kind === undefined ? scope : (`${kind}-${Number(index) + offset}` as SampleScope);
}
