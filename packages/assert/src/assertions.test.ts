import type { LoadResult } from '@chaos/spec';
import type { SyncExpectationResult } from 'expect';
import { describe, it } from 'vitest';
import type { ExtendedExpect } from './chaos-expect.js';
import { expect } from './expect.js';

// The compiler judges these lines; nothing here is called.
describe('the type of expect(…)', () => {
  it('has the matchers that can judge the value', () => {
    void ((result: LoadResult, anything: ReturnType<typeof JSON.parse>, read: () => Promise<number>) => {
      expect(result).toHaveLatencyBelow({ p99: 5 });
      expect.soft(result).not.toHaveErrorRatioBelow(0.01);
      void expect(Promise.resolve(result)).resolves.toHaveNoWrongResult();
      void expect.poll(() => result).toHaveSuccessRatioAtLeast(1);
      expect(3).toScaleWith({ concurrentRequests: 4 }, { atLeast: 1, per: 2 });
      expect(3n).toConserve(3);
      expect([1, 2] as const).toConserve(3);
      void expect(read).toRecoverWithin({ timeoutMs: 1 });
      void expect(async ({ signal }: { signal: AbortSignal }) => fetch('', { signal })).toPass();
      expect({}).toBeInvariant({});
      expect(anything).toMeetPassRate({ passRates: { target: 99, acceptable: 95 } });
      void expect(anything).toPass();
      // `undefined` is allowed: the claim includes that the value is there.
      expect([1].at(0)).toConserve(1);
    });
  });

  it('has no other', () => {
    void ((result: LoadResult, unknown: unknown, read: () => number) => {
      // @ts-expect-error: a number has no latency
      expect(42).toHaveLatencyBelow({ p99: 5 });
      // @ts-expect-error: nor under not, nor soft
      expect.soft(42).not.toHaveErrorRatioBelow(0.01);
      // @ts-expect-error: there is none
      expect(undefined).toHaveNoWrongResult();
      // @ts-expect-error: nobody knows what it is
      expect(unknown).toMeetPassRate({ passRates: { target: 99, acceptable: 95 } });
      // @ts-expect-error: what is judged is the promise, which resolves.… is for
      expect(Promise.resolve(result)).toHaveSuccessRatioAtLeast(1);
      // @ts-expect-error: it waits by itself
      void expect.poll(read).toPass();
      // @ts-expect-error: a load has no size
      expect(result).toScaleWith({ concurrentRequests: 4 }, { atLeast: 1, per: 2 });
      // @ts-expect-error: words cannot be added up
      expect(['a']).toConserve(3);
      // @ts-expect-error: a number cannot recover
      void expect(read()).toRecoverWithin({ timeoutMs: 1 });
      // @ts-expect-error: a promise runs once; a function can be tried again
      void expect(Promise.resolve(read)).toPass();
    });
  });

  it('has the added matchers that can judge the value', () => {
    void ((
      own: ExtendedExpect<{ toBeEven(received: number): SyncExpectationResult; toBeOdd(): SyncExpectationResult }>,
    ) => {
      own(2).toBeEven();
      own(2).not.toBeEven();
      own('any value').toBeOdd();
      // @ts-expect-error: words are not even
      own('2').toBeEven();
      // @ts-expect-error: nor are they not even
      own('2').not.toBeEven();
    });
  });
});
