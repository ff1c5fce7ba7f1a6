import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { orIdle } from './or-idle.js';

const MODULE = new URL('../../dist/index.js', import.meta.url).href;

// A process of its own: this one is never idle.
const said = (action: string): string =>
  execFileSync(process.execPath, ['--input-type=module'], {
    encoding: 'utf8',
    input: `
      import { orIdle } from '${MODULE}';
      import { setTimeout as delay } from 'node:timers/promises';
      const start = performance.now();
      const end = (what) => console.log(what, performance.now() - start < 5000, process.listenerCount('beforeExit'));
      orIdle(() => new Error('never'), ${action}).then(end, ({ message }) => end(message));`,
  }).trim();

test('a promise that nobody can settle ends at once', () => {
  expect(said('() => new Promise(() => {})')).toBe('never true 0');
  expect(said('async () => { setTimeout(() => {}, 1e6).unref(); await new Promise(() => {}); }')).toBe('never true 0');
});

test('all others end as they do', async () => {
  expect(said('async () => { await delay(50); return 7; }')).toBe('7 true 0');
  expect(said("() => { throw new Error('mine'); }")).toBe('mine true 0');
  expect(
    await orIdle(
      () => new Error('never'),
      () => 8,
    ),
  ).toBe(8);
});
