import { InvariantViolation } from '@chaos/spec';
import { describe, expect, it } from 'vitest';
import { createRecorder, type Recorder } from '../record/recorder.js';
import { historyMatchers } from './history-matchers.js';

expect.extend(historyMatchers as never);

interface Matchers {
  toBeSerializable(options?: object): void;
  toBeLinearizable(object?: string): void;
  toSatisfyModel(model: string | { model: string }, options?: object): void;
  not: Matchers;
}
// oxlint-disable-next-line vitest/valid-expect -- the matchers are called by its callers
const that = (received: unknown): Matchers => expect(received) as unknown as Matchers;

function record(...operations: readonly (readonly [f: string, value: unknown])[]): Recorder {
  const recorder = createRecorder();
  const process = recorder.process();
  for (const [f, value] of operations) process.invoke(f, f === 'read' ? null : value).ok(value);
  return recorder;
}

const stale = record(['write', 1], ['write', 2], ['read', 1]);
const fresh = record(['write', 1], ['write', 2], ['read', 2]);

describe('a history that is right', () => {
  it('passes, as a recorder and as a history', () => {
    that(fresh).toBeLinearizable();
    that(fresh.history()).toBeLinearizable('register');
    that(fresh).toSatisfyModel('linearizable-register');
    that(record(['txn', [['append', 1, 1]]], ['txn', [['r', 1, [1]]]])).toBeSerializable({
      level: 'strict-serializable',
    });
  });

  it('fails under .not, with what it is', () => {
    expect(() => that(fresh).not.toBeLinearizable()).toThrow('expected the history not to be linearizable-register');
  });
});

describe('a history that is wrong', () => {
  it('is an InvariantViolation that explains itself', () => {
    const heal = stale.fault('cut');
    heal();
    const error = (() => {
      try {
        that(stale).toBeLinearizable();
      } catch (caught) {
        return caught;
      }
      return undefined;
    })();
    expect(error).toBeInstanceOf(InvariantViolation);
    expect(error).toMatchObject({
      message: expect.stringMatching(/it is not linearizable-register[\s\S]*lost-write: [\s\S]*3 operations: 3 ok/),
      data: { model: 'linearizable-register', anomalies: [{ type: 'lost-write' }] },
    });
  });

  it('passes under .not', () => {
    that(stale).not.toBeLinearizable();
  });
});

it('what nobody can tell fails, also under .not, and is no violation', () => {
  const nothing = createRecorder();
  for (const judge of [() => that(nothing).toBeSerializable(), () => that(nothing).not.toBeSerializable()])
    expect(judge).toThrow(
      expect.objectContaining({
        code: 'VERDICT_UNKNOWN',
        message: expect.stringContaining('Cannot say whether the history is serializable'),
      }),
    );
});

it('misuse is a TypeError', () => {
  expect(() => that(5).toBeSerializable()).toThrow('toBeSerializable() needs a history or a recorder');
  expect(() => that(fresh).toSatisfyModel('nosuch')).toThrow('Cannot check against the model "nosuch"');
});
