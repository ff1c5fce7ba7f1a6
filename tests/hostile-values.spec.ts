import { expect, test } from 'vitest';
import { runTests } from './support/run-tests.ts';
import { untilNothingIsLeft } from './support/until-nothing-is-left.ts';

// Values that break serialization, passed through every API that takes one: the result arrives, the worker survives,
// the run ends.
const VALUES = `
  const cycle = () => { const value = { name: 'cycle' }; value.self = value; return value; };
  const revoked = () => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy; };
  const thrower = () => new Proxy({}, { get() { throw new Error('not to be read'); }, has() { throw new Error('no'); }, ownKeys() { throw new Error('no'); }, getPrototypeOf() { throw new Error('no'); } });
  const getter = () => Object.defineProperties(new Error('x'), Object.fromEntries(['message', 'stack', 'name', 'cause', 'code', 'isChaosError'].map((key) => [key, { enumerable: true, get() { throw new Error('getter of ' + key); } }])));
  const bottomless = () => ({ get left() { return bottomless(); }, get right() { return bottomless(); } });
  const toJson = () => ({ toJSON() { throw new Error('no JSON'); } });
  const deep = () => { let value = {}; for (let n = 0; n < 20000; n++) value = { value }; return value; };
  const values = {
    bigint: () => 12n, 'a cycle': cycle, symbol: () => Symbol('s'), function: () => () => {}, 'a revoked proxy': revoked, 'a proxy that throws': thrower,
    'getters that throw': getter, 'no bottom': bottomless, 'toJSON that throws': toJson, 'no prototype': () => Object.create(null), 'deep': deep,
    'a huge text': () => 'x'.repeat(9 * 2 ** 20), 'lone surrogates and NUL': () => '\\ud800 \\0 \\u001b[31m', NaN: () => NaN, null: () => null, undefined: () => undefined,
  };
`;

/** An API by name, and the value passed to it; `value` is created anew for each. */
const SINKS: Readonly<Record<string, string>> = {
  'annotation description': "info.annotations.push({ type: 'note', description: value });",
  'annotation type': 'info.annotations.push({ type: value });',
  'annotation itself': 'info.annotations.push(value);',
  'attachment pushed': 'info.attachments.push({ name: value, contentType: value, body: value });',
  'attachment itself': 'info.attachments.push(value);',
  'attach name': "await info.attach(value, { body: 'x' });",
  'attach body': "await info.attach('body', { body: value });",
  'attach path': "await info.attach('path', { path: value });",
  'attach contentType': "await info.attach('type', { body: 'x', contentType: value });",
  thrown: 'throw value;',
  rejected: 'void Promise.reject(value); await delay(5);',
  'thrown by a timer': 'setTimeout(() => { throw value; }); await delay(20);',
  cause: "throw new Error('outside', { cause: value });",
  'inside an AggregateError': "throw new AggregateError([value, new Error('beside')], 'all');",
  'fields of an error': "throw Object.assign(new Error('x'), { code: value, hint: value, isChaosError: value });",
  'errors of the info': 'info.errors.push(value, { message: value });',
  'status of the info': 'info.status = value;',
  'expected status of the info': 'info.expectedStatus = value;',
  'recoveries of the info': 'info.recoveries.push(value);',
  'step title': 'await test.step(value, () => {});',
  'step params': "await test.step('params', () => {}, { params: { value } });",
  'step location': "await test.step('place', () => {}, { location: value });",
  'thrown in a step': "await test.step('throws', () => { throw value; });",
  'skip reason': 'test.skip(true, value);',
  'inconclusive reason': 'test.inconclusive(value);',
  'abort message': 'test.abort(value);',
  'console.log': 'console.log(value); console.error({ value });',
  stdout: 'process.stdout.write(value);',
  'matcher message': 'expect(1, { message: value }).toBe(1); expect(1).toSaying(value);',
  'matched value': 'expect(value).toEqual({ other: 1 });',
  poll: 'await expect.poll(() => value, { timeout: 1 }).toEqual({ other: 1 });',
  'soft failure': 'expect.soft(value).toEqual({ other: 1 });',
  'fault name':
    'await inject({ name: value, inject: async () => ({ heal: async () => {}, [Symbol.asyncDispose]: async () => {} }) });',
  'fault undo':
    "await inject({ name: 'f', undo: { kind: 'call', module: 'x', export: 'y', data: value }, inject: async () => ({ heal: async () => {}, [Symbol.asyncDispose]: async () => {} }) });",
  load: 'await load.closed({ run: async () => { throw value; }, concurrency: 1, operations: 2 });',
  recorder: "await recorder.process('p').run({ type: value, value }, async () => value);",
  'process.send': 'process.send(value);',
  'a message of ours, badly made':
    "process.send({ '@chaos/runner': [value && null, 1, {}, { q: 1 }, { r: 1 }, { n: 'testEnd' }, { n: 'nothing' }] });",
};

const HEAD = `
  expect.extend({ toSaying: (_, value) => ({ pass: false, message: () => value }) });
  const sinks = {
${Object.entries(SINKS)
  .map(([name, body]) => `    ${JSON.stringify(name)}: async ({ value, info, inject, load, recorder }) => { ${body} },`)
  .join('\n')}
  };
`;

const names = Object.keys(SINKS);
for (let from = 0; from < names.length; from += 10) {
  const chosen = names.slice(from, from + 10);
  test(`every value through ${chosen.join(', ')}: no result is lost, no worker, no time`, async () => {
    const { run, get } = await runTests(
      `${VALUES}${HEAD}
      for (const sink of ${JSON.stringify(chosen)})
        for (const [name, make] of Object.entries(values))
          test(sink + ': ' + name, async ({ inject, load, recorder }, info) => {
            mark(sink + ': ' + name);
            await sinks[sink]({ value: make(), info, inject, load, recorder });
          });
      test('last', () => { mark('last'); });
      `,
      ['--retries', '0', '--workers', '1', '--timeout', '20000', '--reporter', 'json,junit,line,blob'],
      'runner: { leaks: off, global_timeout_ms: 110000 }',
    );
    const marks = run.marks();
    expect(marks.at(-1), run.output.slice(-3000)).toBe('last');
    const twice = marks.filter((title, index) => marks.indexOf(title) !== index);
    expect(twice.map((title) => JSON.stringify(get(title).results).slice(0, 1500))).toEqual([]);
    expect(marks).toHaveLength(chosen.length * 16 + 1);
    const workers = new Set(marks.map((title) => get(title).results[0]?.workerIndex));
    const lost = marks.filter((title) =>
      get(title).results.some(({ errors }) => errors.some(({ message }) => message.includes('WORKER_LOST'))),
    );
    expect(lost, run.output.slice(-3000)).toEqual([]);
    expect([...workers]).toEqual([0]);
    for (const title of marks) expect(get(title).results, title).toHaveLength(1);
    expect(run.code).toBe(1);
    expect(run.stderr()).not.toContain('a reporter failed');
    await untilNothingIsLeft(run.footprint);
  });
}

test('the watch for leaks takes no value without a bottom for one: no body runs a second time to be traced', async () => {
  const { run, get } = await runTests(
    `${VALUES}${HEAD}
    for (const sink of Object.keys(sinks))
      test(sink, async ({ inject, load, recorder }, info) => {
        mark(sink);
        await sinks[sink]({ value: bottomless(), info, inject, load, recorder });
      });
    `,
    ['--retries', '0', '--workers', '1', '--timeout', '20000', '--reporter', 'json,line'],
    'runner: { leaks: fail, global_timeout_ms: 110000 }',
  );
  expect(run.marks()).toEqual(names);
  for (const name of names) expect(get(name).results, name).toHaveLength(1);
  expect(run.output).not.toContain('leaked');
});

test('what no report can hold fails its test and says where it is; what has a text is taken for it', async () => {
  const { run, get, said } = await runTests(
    `
    test('bigint', ({}, info) => { info.annotations.push({ type: 'rows', description: 12n }); });
    test('cycle', ({}, info) => { const a = {}; a.a = a; info.attachments.push({ name: a }); });
    test('status', ({}, info) => { info.status = 'gone'; });
    test('has a text', ({}, info) => {
      info.annotations.push({ type: 'rows', description: 12 }, { type: 'row', description: { id: 1 } });
      info.attachments.push({ name: 'bytes', contentType: 'text/plain', body: Buffer.from('hello') });
    });
    `,
    ['--retries', '0', '--workers', '1'],
  );
  expect(run.code, run.output).toBe(1);
  expect(said('bigint')).toContain('Cannot report testInfo.annotations[0].description: it is 12n, and must be a text');
  expect(said('cycle')).toContain('Cannot report testInfo.attachments[0].name: it is <ref *1>');
  expect(said('status')).toContain("Cannot report testInfo.status: it is 'gone', and must be one of passed, failed");
  expect(get('has a text').results[0]).toMatchObject({
    status: 'passed',
    annotations: [
      { type: 'rows', description: '12' },
      { type: 'row', description: '{"id":1}' },
    ],
  });
});

test('a test that takes the ipc of its process apart costs itself at most', async () => {
  const { run, only } = await runTests(
    `
    if (process.send) process.send('ready');
    if (process.send) process.send([{ type: 'ready' }]);
    test('removes listeners', () => { process.removeAllListeners('message'); });
    test('removes all listeners', () => { process.removeAllListeners(); });
    test('replaces send', () => { process.send = () => { throw new Error('mine'); }; });
    test('hangs up', () => { process.disconnect(); });
    test('last', () => {});
    `,
    ['--retries', '0', '--workers', '1'],
  );
  expect(run.code, run.output).toBe(1);
  expect(run.report().stats).toMatchObject({ expected: 4, unexpected: 1 });
  expect(only('hangs up').status).toBe('failed');
  await untilNothingIsLeft(run.footprint);
});

test('a configuration may hold anything, too', async () => {
  const { run } = await runTests(
    "test('runs', ({}, info) => { expect(info.project.use.big).toBe(12n); });",
    ['--retries', '0', '--workers', '1'],
    '{}',
    {
      'chaos.config.mjs': `
        const cycle = {}; cycle.self = cycle;
        export default { metadata: { big: 12n, cycle }, use: { big: 12n, cycle },
          reporter: [['json'], ['./own.mjs', { big: 12n, cycle }]] };
      `,
      'own.mjs': 'export default class { onEnd() {} }',
    },
  );
  expect(run.code, run.output).toBe(0);
});
