import { execFileSync } from 'node:child_process';
import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { abortWithin } from './abort-within.js';

test('aborts with its signal, or after its time, whichever comes first', async () => {
  const first = new AbortController();
  const early = abortWithin(first.signal, 60_000);
  first.abort(new Error('over'));
  expect(early.reason).toEqual(new Error('over'));
  expect(abortWithin(first.signal, 60_000).reason).toEqual(new Error('over'));
  const late = abortWithin(new AbortController().signal, 20);
  await new Promise((resolve) => late.addEventListener('abort', resolve, { once: true }));
  expect(late.reason).toMatchObject({ name: 'TimeoutError' });
});

test('leaves nothing behind: neither its listener nor its time, whatever came', async () => {
  const { signal } = new AbortController();
  {
    using within = abortWithin(signal, 20);
    expect(within.aborted).toBe(false);
  }
  const late = abortWithin(signal, 10);
  await new Promise((resolve) => late.addEventListener('abort', resolve, { once: true }));
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('is not collected while somebody waits for it', () => {
  const code = `
    import { abortWithin } from '${new URL('../../dist/index.cjs', import.meta.url).href}';
    let aborted = 0;
    for (let i = 0; i < 20; i++)
      abortWithin(new AbortController().signal, 300).addEventListener('abort', () => (aborted += 1), { once: true });
    for (let i = 0; i < 5; i++) await new Promise((resolve) => setTimeout(() => resolve(gc()), 20));
    setTimeout(() => console.log(aborted), 1500);`;
  const args = ['--expose-gc', '--input-type=module', '--eval', code];
  expect(execFileSync(process.execPath, args, { encoding: 'utf8' }).trim()).toBe('20');
});
