import { spawnSync } from 'node:child_process';
import { InvariantViolation } from '@chaos/spec';
import { afterEach, describe, expect as check, test } from 'vitest';
import { setExpectHost, type ExpectStep } from './expect-host.js';
import { expect } from './expect.js';

afterEach(() => setExpectHost(undefined));

const thrownBy = (call: () => unknown): Error => {
  try {
    call();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
};

test('judges as Jest does, in its words', () => {
  expect({ a: 1, b: [1, 2] }).toMatchObject({ a: expect.any(Number), b: expect.arrayContaining([2]) });
  expect('abc').toEqual(expect.not.stringContaining('d'));
  check(() => expect(1).toBe(2)).toThrow(
    /expect\(received\)\.toBe\(expected\) \/\/ Object\.is equality\n\nExpected: 2\nReceived: 1/,
  );
});

test('what passes for certain is judged without Jest, and counted', () => {
  const calls = (): number => (expect.getState() as { assertionCalls: number }).assertionCalls;
  const before = calls();
  expect(NaN).toBe(NaN);
  expect('a').toEqual('a');
  expect(2n).toBeGreaterThan(1);
  expect(null).toBeNull();
  check(calls() - before).toBe(4);
  for (const wrong of [
    () => expect(0).toBe(-0),
    () => expect('2').toBeGreaterThan(1 as never),
    () => expect(1).toBeTruthy.call(undefined, ...([1] as unknown as [])),
    () => expect({}).toBe({}),
    () => expect(undefined).toBeDefined(),
  ])
    check(wrong).toThrow(/expect\(/);
  expect.extend({ toBeNull: () => ({ pass: false, message: () => 'mine' }) });
  check(() => expect(null).toBeNull()).toThrow('mine');
});

test('a failure points to the line of the test, with its message first', async () => {
  const frame = (error: Error): string | undefined =>
    error.stack?.split('\n').find((line) => line.startsWith('    at '));
  check(frame(thrownBy(() => expect(1).toBe(2)))).toMatch(/expect\.test\.ts/);
  const rejected = await expect(Promise.resolve(1))
    .resolves.toBe(2)
    .catch((error: Error) => error);
  check(frame(rejected as Error)).toMatch(/expect\.test\.ts/);
  const error = thrownBy(() => expect(1, 'one is two').toBe(2));
  check(error.message).toMatch(/^one is two\n\nexpect\(/);
  check(error.stack).toMatch(/^Error: one is two\n\nexpect/);
});

describe('soft', () => {
  test('tells the host and goes on, sync and async', async () => {
    const failures: Error[] = [];
    setExpectHost({ deadlineFactor: 1, onSoftFailure: (error) => failures.push(error), onRecovery() {} });
    expect.soft(1).toBe(2);
    await expect.soft(Promise.resolve(1)).resolves.toBe(3);
    expect.configure({ soft: true, message: 'mine' })(1).toBe(4);
    check(failures.map(({ message }) => message.match(/mine|Expected: \d/g))).toEqual([
      ['Expected: 2'],
      ['Expected: 3'],
      ['mine', 'Expected: 4'],
    ]);
  });
  test('throws without a host', () => {
    check(() => expect.soft(1).toBe(2)).toThrow(/Expected: 2/);
  });
});

test('steps are told to the host, with those that polls consist of', async () => {
  const steps: { readonly title: string; error?: unknown }[] = [];
  const softFailures: Error[] = [];
  setExpectHost({
    deadlineFactor: 1,
    onSoftFailure: (error) => void softFailures.push(error),
    onRecovery() {},
    asStep: <T>({ title, args }: ExpectStep, matcher: () => T): T => {
      const step: (typeof steps)[number] = { title: `${title} ${JSON.stringify(args)}` };
      steps.push(step);
      const failed = (error: unknown): never => {
        step.error = (error as Error).message.split('\n')[0];
        throw error;
      };
      try {
        const answer = matcher();
        return answer instanceof Promise ? (answer.catch(failed) as T) : answer;
      } catch (error) {
        return failed(error);
      }
    },
  });
  let count = 0;
  expect(1).not.toBe(2);
  thrownBy(() => expect(1, 'same').toBe(2));
  expect.soft(1).toBe(3);
  await expect.soft(Promise.resolve(1)).resolves.not.toBe(1);
  await expect.soft.poll(() => ++count, { intervals: [1] }).toBe(2);
  const failure = 'expect(received).toBe(expected) // Object.is equality';
  check(steps).toEqual([
    { title: 'Expect "not toBe" [2]' },
    { title: 'same [2]', error: 'same' },
    { title: 'Expect "soft toBe" [3]', error: failure },
    { title: 'Expect "soft not toBe" [1]', error: check.stringContaining('not.toBe') as string },
    { title: 'Expect "poll soft toBe" [2]' },
    { title: 'Expect "toBe" [2]', error: failure },
    { title: 'Expect "toBe" [2]' },
  ]);
  check(softFailures).toHaveLength(2);
});

describe('poll', () => {
  test('judges fresh values until one fits', async () => {
    let value = 0;
    await expect.poll(() => Promise.resolve(++value), { intervals: [1] }).toBe(3);
    await expect.poll(() => ++value, { intervals: [1] }).not.toBeLessThan(6);
    check(value).toBe(6);
  });
  test('says what it last saw, and that time ran out, stretched by the host', async () => {
    setExpectHost({ deadlineFactor: 2, onSoftFailure() {}, onRecovery() {} });
    await check(expect.poll(() => 1, { timeout: 20, intervals: [5], message: 'queue drains' }).toBe(0)).rejects.toThrow(
      /^queue drains\n\nexpect\(received\)\.toBe[^]*Received: 1\n\nCall Log:\n- Timeout 40ms exceeded while waiting on the predicate/,
    );
    await check(
      expect
        .configure({ timeout: 10 })
        .poll(() => new Promise(() => {}))
        .toBe(0),
    ).rejects.toThrow(/Timeout 20ms exceeded/);
  });
  test('does not wait out a broken invariant, a throwing function, or misuse', async () => {
    await check(expect.poll(() => 1, { timeout: 60_000 }).toConserve(2)).rejects.toThrow(InvariantViolation);
    await check(expect.poll(() => Promise.reject(new Error('gone')), { timeout: 60_000 }).toBe(2)).rejects.toThrow(
      'gone',
    );
    check(() => expect.poll(5 as never)).toThrow(/needs a function: current value is 5/);
  });
});

describe('toPass', () => {
  test('waits until the function stops throwing', async () => {
    let tries = 0;
    await expect(() => expect(++tries).toBe(4)).toPass({ intervals: [1] });
    check(tries).toBe(4);
  });
  test('fails with the last error', async () => {
    await check(
      expect(() => Promise.reject(new Error('still down'))).toPass({ timeout: 20, intervals: [1] }),
    ).rejects.toThrow(/still down\n\nCall Log:\n- Timeout 20ms exceeded/);
    await expect(() => Promise.reject(new Error('still down'))).not.toPass({ timeout: 20 });
  });
  test('ends with the test', async () => {
    const controller = new AbortController();
    setExpectHost({ signal: controller.signal, deadlineFactor: 1, onSoftFailure() {}, onRecovery() {} });
    const waiting = expect(() => Promise.reject(new Error('down'))).toPass();
    controller.abort();
    await check(waiting).rejects.toThrow(/Test ended/);
  });
});

test('extend adds matchers with their types', () => {
  const extended = expect.extend({
    toBeEven(received: unknown) {
      return { pass: Number(received) % 2 === 0, message: () => `Expected: even\nReceived: ${String(received)}` };
    },
  });
  extended(2).toBeEven();
  extended(3).not.toBeEven();
  extended(3).toBe(3);
  check(() => extended(3).toBeEven()).toThrow('Received: 3');
});

test('importing loads nothing of Jest', () => {
  const script = `import('./dist/index.js').then(() => console.log(Object.keys(process.getBuiltinModule('node:module')._cache).filter((file) => file.includes('expect')).length))`;
  check(spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' }).stdout.trim()).toBe('0');
});
