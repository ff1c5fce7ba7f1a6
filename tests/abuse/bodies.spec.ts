import { describe, expect, test } from 'vitest';
import { runTests } from '../support/run-tests.ts';
import { untilNothingIsLeft } from '../support/until-nothing-is-left.ts';

const text = (chunks: readonly { readonly text: string }[]): string => chunks.map((chunk) => chunk.text).join('');

// Test bodies that harm their own process. Each run ends with a test that must not suffer from it.
const LAST = "\ntest('last', () => {});\n";
const run = (
  source: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): ReturnType<typeof runTests> =>
  runTests(source + LAST, ['--retries', '0', '--workers', '1', '--timeout', '1500', ...args], '{}', {}, { env });

describe('the end of the process', () => {
  test('is told of with the place that asked for it', async () => {
    const {
      run: result,
      get,
      only,
      said,
    } = await run(`
      test('exit 0', () => process.exit(0));
      test('exit 1', () => process.exit(1));
      test('exits later', async () => { setTimeout(() => process.exit(0), 5); await delay(1000); });
      test('aborts', () => process.abort());
      test('is killed', async () => { process.kill(process.pid, 'SIGKILL'); await delay(1000); });
      test('leaves its channel', async () => { process.disconnect(); await delay(1000); });
      test('prints, then exits', () => { console.log('before'); process.exit(0); });
    `);
    expect(result.code, result.output).toBe(1);
    expect(result.report().stats).toMatchObject({ expected: 1, unexpected: 7 });
    for (const [title, code] of [
      ['exit 0', 0],
      ['exit 1', 1],
      ['exits later', 0],
      ['prints, then exits', 0],
    ] as const) {
      expect(only(title).status).toBe('failed');
      expect(said(title)).toContain(
        `worker process exited unexpectedly (code=${code}, signal=null): process.exit(${code}) was called`,
      );
      expect(only(title).errors[0]?.location?.file).toMatch(/a\.chaos\.ts$/);
    }
    expect(said('aborts')).toContain('signal=SIGABRT');
    expect(said('is killed')).toContain('signal=SIGKILL');
    expect(said('leaves its channel')).toContain('worker process exited unexpectedly');
    expect(only('prints, then exits').stdout).toEqual([{ text: 'before\n' }]);
    expect(get('last').status).toBe('expected');
    await untilNothingIsLeft(result.footprint);
  });

  test('for want of memory is named', async () => {
    const {
      run: result,
      get,
      said,
    } = await run(
      "test('eats', () => { const all = []; for (;;) all.push(new Array(1e5).fill(0).map(() => ({}))); });",
      ['--timeout', '60000'],
      { NODE_OPTIONS: '--max-old-space-size=64' },
    );
    expect(result.code, result.output).toBe(1);
    expect(said('eats')).toMatch(/worker process exited unexpectedly \(code=null, signal=SIGABRT\): out of memory/);
    expect(get('last').status).toBe('expected');
    await untilNothingIsLeft(result.footprint);
  });
});

test('whatever is thrown is a result', async () => {
  const {
    run: result,
    get,
    only,
    said,
  } = await run(`
    test('undefined', () => { throw undefined; });
    test('rejects with nothing', () => Promise.reject());
    test('null', () => { throw null; });
    test('a cycle', () => { const it = { deep: {} }; it.deep.it = it; throw it; });
    test('a cycle of causes', () => { const error = new Error('round'); error.cause = error; throw error; });
    for (const name of ['message', 'stack', 'name', 'cause', 'code', 'hint']) test('a trap in ' + name, () => {
      throw Object.defineProperty(new Error('trapped'), name, { get() { throw new Error('the trap'); } });
    });
    test('a proxy', () => { throw new Proxy({}, { get() { throw new Error('get'); }, getPrototypeOf() { throw new Error('prototype'); }, ownKeys() { throw new Error('keys'); } }); });
    test('frozen', () => { throw Object.freeze(new Error('cold')); });
    test('a symbol', () => { throw Symbol('sign'); });
    test('odd fields', () => { throw Object.assign(new Error('odd'), { code: 10n, hint: () => {} }); });
    test('long', () => { throw new Error('x'.repeat(5_000_000)); });
    // Output on its way must not get stuck when the next test blocks.
    test('loops after a long one', () => { for (;;); });
  `);
  expect(result.code, result.output.slice(0, 10_000)).toBe(1);
  expect(result.report().stats).toMatchObject({ expected: 1, unexpected: 17 });
  for (const title of ['undefined', 'rejects with nothing'])
    expect(said(title)).toMatch(/not an Error was thrown: undefined/);
  expect(said('null')).toMatch(/not an Error was thrown: null/);
  expect(said('a cycle')).toMatch(/Circular/);
  expect(said('a cycle of causes')).toMatch(/round/);
  for (const name of ['stack', 'name', 'cause', 'code', 'hint']) expect(said(`a trap in ${name}`)).toMatch(/trapped/);
  for (const title of ['a trap in message', 'a proxy']) expect(only(title).errors).toHaveLength(1);
  expect(said('a symbol')).toMatch(/Symbol\(sign\)/);
  expect([only('long').status, only('loops after a long one').status]).toEqual(['failed', 'timedOut']);
  expect(said('long').length).toBeGreaterThan(5_000_000);
  const workers = (title: string): number | undefined => get(title).results[0]?.workerIndex;
  expect(new Set(['undefined', 'a proxy', 'a trap in code', 'long'].map(workers)).size).toBe(1);
});

test('a rejection that nobody handles belongs to the test that caused it, however early or late', async () => {
  const {
    run: result,
    get,
    only,
    said,
  } = await run(`
    test('at once', () => { void Promise.reject(new Error('r1')); });
    test('innocent 1', () => {});
    test('two at once', async () => { void Promise.reject(new Error('r2')); void Promise.reject(new Error('r3')); await delay(1000); });
    test('innocent 2', () => {});
    test('and fails', () => { void Promise.reject(new Error('r4')); throw new Error('own'); });
    test.describe('in hooks', () => {
      test.afterEach(() => { void Promise.reject(new Error('r5')); });
      test('afterEach', () => {});
    });
    test('throws in a timer', async () => { setTimeout(() => { throw null; }, 1); await delay(1000); });
    test('nothing', async () => { void Promise.reject(); await delay(1000); });
  `);
  expect(result.code, result.output).toBe(1);
  for (const title of ['innocent 1', 'innocent 2', 'last']) expect(get(title).status, title).toBe('expected');
  expect(said('at once')).toMatch(/r1/);
  expect(said('two at once')).toMatch(/r2[^]*r3/);
  expect(said('and fails')).toMatch(/own[^]*r4/);
  expect(said('afterEach')).toMatch(/r5/);
  for (const title of ['throws in a timer', 'nothing']) expect(only(title).errors).toHaveLength(1);
});

test('a test that does not end is ended, and told apart by how it hangs', async () => {
  const {
    run: result,
    get,
    only,
    said,
  } = await run(`
    test('never settles', () => new Promise(() => {}));
    test('goes on after its abort', async ({}, info) => { for (let n = 0; n < 100; n++) { await delay(50); if (n === 90) mark('it went on'); } });
    test('obeys its abort', ({}, info) => delay(60_000, undefined, { signal: info.signal }));
    test('loops', () => { for (;;); });
    test('loops in microtasks', async () => { for (;;) await null; });
    test('loops in queued microtasks', async () => { const again = () => queueMicrotask(again); again(); await delay(1); });
    test('loops in ticks', async () => { const again = () => process.nextTick(again); again(); await delay(1); });
    test('loops in immediates', async () => { const again = () => setImmediate(again); again(); await new Promise(() => {}); });
  `);
  expect(result.code, result.output).toBe(1);
  const titles = [
    'never settles',
    'goes on after its abort',
    'obeys its abort',
    'loops',
    'loops in microtasks',
    'loops in queued microtasks',
    'loops in ticks',
    'loops in immediates',
  ];
  for (const title of titles) {
    expect(only(title).status, title).toBe('timedOut');
    expect(said(title)).toMatch(/1500ms exceeded/);
    expect(only(title).duration).toBeLessThan(1500 + 2000 + 1500);
  }
  for (const title of ['loops', 'loops in microtasks', 'loops in queued microtasks', 'loops in ticks']) {
    expect(said(title)).toMatch(/event loop did not turn/);
    expect(text(only(title).stderr)).toBe('');
    const line = said(title).match(/> *(\d+) \|.*/)?.[0] ?? '';
    expect(line, said(title)).toContain(`test('${title}'`);
    expect(only(title).errors[0]?.location?.file).toMatch(/a\.chaos\.ts$/);
  }
  expect(result.marks()).toEqual([]);
  expect(get('last').status).toBe('expected');
  await untilNothingIsLeft(result.footprint);
});

test('clocks and timers that a test replaces are its own', async () => {
  const {
    run: result,
    get,
    only,
  } = await run(
    `
    const RealDate = Date;
    test('sets the clock back', () => {
      globalThis.Date = class extends RealDate {
        constructor(...args) { if (args.length > 0) super(...args); else super(RealDate.now() - 3_600_000); }
        static now() { return RealDate.now() - 3_600_000; }
      };
      let now = 0;
      performance.now = () => (now -= 1000);
      process.hrtime.bigint = () => 0n;
      globalThis.setTimeout = globalThis.setImmediate = () => 0;
      globalThis.clearTimeout = () => {};
    });
    test('takes a while', () => delay(50));
    test('is tried again', async ({}, info) => { await test.step('a step', () => delay(20)); expect(info.retry).toBe(1); });
    test('hangs', () => new Promise(() => {}));
    `,
    ['--retries', '1'],
  );
  expect(result.code, result.output).toBe(1);
  expect(get('is tried again').status).toBe('flaky');
  expect(only('hangs').status).toBe('timedOut');
  const startMs = Date.parse((result.report().stats as unknown as { startTime: string }).startTime);
  for (const title of ['sets the clock back', 'takes a while', 'is tried again', 'hangs', 'last']) {
    for (const { startTime, duration } of get(title).results) {
      expect(Date.parse(startTime), title).toBeGreaterThanOrEqual(startMs);
      expect(Date.parse(startTime), title).toBeLessThanOrEqual(Date.now());
      expect(duration, title).toBeGreaterThanOrEqual(0);
      expect(duration, title).toBeLessThan(60_000);
    }
  }
  expect(only('takes a while').duration).toBeGreaterThanOrEqual(45);
});

test('a generator, of which nothing would run, is refused wherever a function is to run', async () => {
  const fails = "function* () { throw new Error('never seen'); }";
  const { run: result, said } = await run(
    `
    test('step', () => test.step('s', ${fails}));
    test('toPass', () => expect(${fails}).toPass({ timeout: 100 }));
    test('poll', () => expect.poll(async ${fails}).toBeTruthy());
    test('recovers', () => expect(${fails}).toRecoverWithin({ timeoutMs: 100 }));
    function* generate() { throw new Error('never seen'); }
    test('returned', () => generate());
    test.describe('by a hook', () => { test.beforeEach(() => generate()); test('hooked', () => {}); });
    test('load', async ({ load }) => { await load.closed({ run: ${fails}, concurrency: 1, operations: 1 }); });
    `,
  );
  expect(result.code, result.output).toBe(1);
  for (const title of ['step', 'toPass', 'poll', 'recovers', 'load'])
    expect(said(title)).toContain('its function is a generator, of which nothing would run');
  for (const title of ['returned', 'hooked'])
    expect(said(title)).toContain('returned a generator, of which nothing has run');
  for (const declared of [
    `test('a', ${fails});`,
    `test.fail('a', async ${fails});`,
    `test.skip(${fails});`,
    `test.beforeEach(${fails});`,
    `test.describe('group', ${fails});`,
  ]) {
    const { run: refused } = await run(declared);
    expect(refused.code, refused.output).toBe(1);
    expect(refused.output).toContain('its function is a generator, of which nothing would run');
  }
});
