import type { Attempt, EventOrigin, RunEvent, SampleScope } from '@chaos/spec';
import { resourceOf } from './relocate.js';
import type { Blob } from './scan-blob.js';

/** Changes to the events of a report when it becomes part of a merged run. */
export interface Patch {
  readonly blob: Blob;
  readonly workerOffset: number;
  readonly slotOffset: number;
  /** Ids that another report uses, too, with their replacements. */
  readonly ids: ReadonlyMap<string, string>;
  readonly relocate: (<T>(value: T) => T) | undefined;
}

/** An event of a report, adapted for the merged run; `undefined` for events that the merged run has only once. */
export function patchEvent(event: RunEvent, patch: Patch): RunEvent | undefined {
  const patched = patchBody(event, patch);
  return patched?.origin === undefined ? patched : { ...patched, origin: patchOrigin(patched.origin, patch) };
}

function patchOrigin(origin: EventOrigin, { blob, workerOffset, slotOffset }: Patch): EventOrigin {
  const { host, slot, worker } = origin;
  return {
    host: blob.header.name ?? host,
    ...(slot !== undefined && { slot: shifted(slot, slotOffset) }),
    ...(worker !== undefined && { worker: shifted(worker, workerOffset) }),
  };
}

function patchBody(event: RunEvent, { blob, workerOffset, slotOffset, ids, relocate }: Patch): RunEvent | undefined {
  const id = (testId: string): string => ids.get(testId) ?? testId;
  switch (event.type) {
    case 'run-start':
    case 'run-end':
      return undefined;
    case 'slot-state':
      return { ...event, slot: event.slot + slotOffset };
    case 'test-start':
      return {
        ...event,
        testId: id(event.testId),
        workerIndex: shifted(event.workerIndex, workerOffset),
        parallelIndex: shifted(event.parallelIndex, slotOffset),
      };
    case 'test-end': {
      const attempt: Attempt = relocate === undefined ? event.attempt : relocate(event.attempt);
      const attachments = attempt.attachments.map(({ path, ...rest }) => {
        const resource = path === undefined ? undefined : resourceOf(blob, path);
        return resource === undefined ? rest : { ...rest, path: resource };
      });
      const { testId, workerIndex, parallelIndex } = attempt;
      return {
        ...event,
        attempt: {
          ...attempt,
          attachments,
          testId: id(testId),
          workerIndex: shifted(workerIndex, workerOffset),
          parallelIndex: shifted(parallelIndex, slotOffset),
          ...(blob.header.shard && { shardIndex: blob.header.shard.current }),
        },
      };
    }
    case 'test-skip':
    case 'fault-start':
    case 'fault-end':
      return { ...event, testId: id(event.testId) };
    case 'step-start':
    case 'step-end':
      return { ...(relocate === undefined ? event : relocate(event)), testId: id(event.testId) };
    case 'test-output':
      return event.testId === undefined ? event : { ...event, testId: id(event.testId) };
    case 'sample':
      return { ...event, sample: { ...event.sample, scope: scopeOf(event.sample.scope, slotOffset) } };
    case 'run-error':
      return relocate === undefined ? event : relocate(event);
    default:
      return event;
  }
}

// -1 means that no worker ran it.
function shifted(index: number, offset: number): number {
  return index < 0 ? index : index + offset;
}

function scopeOf(scope: SampleScope, offset: number): SampleScope {
  const [, kind, index] = /^(slot|worker|target)-(\d+)$/.exec(scope) ?? [];
  return kind === undefined ? scope : (`${kind}-${Number(index) + offset}` as SampleScope);
}
