import { expect, test } from 'vitest';
import { runTests } from './support/run-tests.ts';
import { untilNothingIsLeft } from './support/until-nothing-is-left.ts';

// A user's own slot fixture, following the contract; it logs every call.
const FIXTURE = {
  'service-slot.ts': `
    import { appendFileSync } from 'node:fs';
    import { setTimeout as delay } from 'node:timers/promises';
    import type { Json, SlotFixture } from '@chaos/spec';
    const note = (what: string): void => appendFileSync(process.env['MARKS'] as string, what + '\\n');
    export function serviceSlot(): SlotFixture {
      let broken = '';
      let dirt = 0;
      return {
        needs: [],
        async up() { await delay(1500); note('up'); },
        async snapshot() { note('snapshot'); },
        async reset() { if (broken === 'reset') throw new Error('cannot be reset'); dirt = 0; note('reset'); },
        async check() { if (broken === 'check') throw new Error('is not well'); note('check'); },
        address: () => ({ pid: process.pid }),
        pid: () => process.pid,
        async call(method, [value]): Promise<Json> {
          if (method === 'break') broken = String(value);
          else if (method === 'dirty') dirt++;
          else if (method === 'die') process.exit(7);
          else if (method !== 'dirt') throw new TypeError('no such method');
          return dirt;
        },
        async down() { await delay(50); note('down'); },
      };
    }
  `,
};
const EXTEND = `
  const it = test.extend({ service: [{ module: new URL('./service-slot.ts', import.meta.url).href, export: 'serviceSlot', name: 'service' }, { scope: 'slot' }] });
  const pids = (service) => mark('slot ' + service.address.pid);
`;
const ARGS = ['--retries', '0', '--workers', '1', '--timeout', '1000'];
const slotsOf = (marks: readonly string[]): readonly string[] => marks.filter((mark) => mark.startsWith('slot '));

test('what a slot owns warms up outside of the clock, and outlives workers', async () => {
  const { run, get, only } = await runTests(
    `${EXTEND}
    it('first', ({ service }) => pids(service));
    it('exits', ({ service }) => { pids(service); process.exit(1); });
    it('loops', ({ service }) => { pids(service); for (;;); });
    it('leaks', ({ service }) => { pids(service); setInterval(() => {}, 1000); });
    it('last', ({ service }) => pids(service));
    test('without it', () => {});
    `,
    ARGS,
    '{}',
    FIXTURE,
  );
  expect(run.code, run.output).toBe(1);
  expect(['first', 'exits', 'loops', 'leaks', 'last', 'without it'].map((title) => get(title).status)).toEqual([
    'expected',
    'unexpected',
    'unexpected',
    'expected',
    'expected',
    'expected',
  ]);
  expect(only('first').duration).toBeLessThan(1000);
  // One slot, brought up once, reset and checked before each test that is not its first: the one that leaks runs twice.
  expect(run.marks().filter((mark) => !mark.startsWith('slot '))).toEqual([
    'up',
    'snapshot',
    ...Array.from({ length: 5 }, () => ['reset', 'check']).flat(),
    'down',
  ]);
  expect(new Set(slotsOf(run.marks())).size).toBe(1);
  expect(new Set(['first', 'exits', 'loops', 'leaks', 'last'].map((title) => only(title).workerIndex)).size).toBe(4);
  await untilNothingIsLeft(run.footprint);
});

test.each(['reset', 'check'])('one that fails its %s is built anew, and no test is harmed', async (what) => {
  const { run, get } = await runTests(
    `${EXTEND}
    it('breaks it', async ({ service }) => { pids(service); await service.call('break', ['${what}']); await service.call('dirty'); });
    it('finds another', async ({ service }) => { pids(service); expect(await service.call('dirt')).toBe(0); });
    it('finds the same', ({ service }) => pids(service));
    `,
    ARGS,
    '{}',
    FIXTURE,
  );
  expect(run.code, run.output).toBe(0);
  expect(['breaks it', 'finds another', 'finds the same'].map((title) => get(title).status)).toEqual([
    'expected',
    'expected',
    'expected',
  ]);
  const [first, second, third] = slotsOf(run.marks());
  expect(second).not.toBe(first);
  expect(third).toBe(second);
  expect(run.marks().filter((mark) => mark === 'up')).toHaveLength(2);
  expect(run.marks().filter((mark) => mark === 'down')).toHaveLength(2);
  await untilNothingIsLeft(run.footprint);
});

test('one that dies fails the test that uses it, and is there again for the next', async () => {
  const { run, get, said } = await runTests(
    `${EXTEND}
    it('kills it', async ({ service }) => { pids(service); await service.call('die'); });
    it('next', ({ service }) => pids(service));
    `,
    ARGS,
    '{}',
    FIXTURE,
  );
  expect(run.code, run.output).toBe(1);
  expect(said('kills it')).toMatch(/slot process exited unexpectedly \(code=7, signal=null\)/);
  expect(get('next').status).toBe('expected');
  expect(new Set(slotsOf(run.marks())).size).toBe(2);
  await untilNothingIsLeft(run.footprint);
});

test('the process of one is sampled under its name', async () => {
  const { run, only } = await runTests(
    `${EXTEND}
    it('waits', async ({ service }) => { await delay(700); });
    `,
    ARGS,
    'monitor: { interval_ms: 100 }',
    FIXTURE,
  );
  expect(run.code, run.output).toBe(0);
  expect(Object.keys(only('waits').chaos.samples?.scopes ?? {})).toContain('service-0');
});

test.each([
  ['up', 3],
  ['snapshot', 3],
  ['reset', 0],
])('one whose %s never settles is told by its name, in its own time', async (method, code) => {
  const source = `
    import type { SlotFixture } from '@chaos/spec';
    export const serviceSlot = (): SlotFixture => ({
      needs: [],
      timeoutMs: 1000,
      async up() {},
      async snapshot() {},
      async reset() {},
      async check() {},
      address: () => ({ pid: process.pid }),
      async call() { throw new TypeError('no such method'); },
      async down() {},
      ${method}: () => new Promise<never>(() => {}),
    });
  `;
  const { run, only } = await runTests(
    `${EXTEND}
    it('first', ({ service }) => pids(service));
    it('second', ({ service }) => pids(service));
    `,
    ARGS,
    '{}',
    { 'service-slot.ts': source },
  );
  const told = new RegExp(
    `Cannot wait any longer for the slot fixture "service": its ${method}\\(\\) has not settled within \\d+ ms`,
  );
  expect(run.code, run.output).toBe(code);
  if (code === 3) expect(run.output).toMatch(told);
  else expect(only('second').annotations).toContainEqual({ type: 'slot', description: expect.stringMatching(told) });
  await untilNothingIsLeft(run.footprint);
});
