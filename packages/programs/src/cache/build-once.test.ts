import { existsSync, mkdirSync, readFileSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { temporaryDirectory, type TemporaryDirectory } from '../temporary-directory.test.helper.js';
import { self } from './abandoned.js';
import { buildOnce } from './build-once.js';

const { signal } = new AbortController();
let folder: TemporaryDirectory;
beforeEach(() => {
  folder = temporaryDirectory();
});
afterEach(() => {
  folder[Symbol.dispose]();
});

/** A build in two steps, so that a half-finished result would be visible. */
function slowBuild(built: string[]): (temporary: string) => Promise<void> {
  return async (temporary) => {
    built.push(temporary);
    mkdirSync(temporary);
    writeFileSync(join(temporary, 'first'), '1');
    await delay(30);
    writeFileSync(join(temporary, 'second'), '2');
  };
}

test('many who want it at once get one whole folder, made once', async () => {
  const built: string[] = [];
  const directory = join(folder.path, 'thing');
  const wanted = Array.from({ length: 20 }, async () => {
    const path = await buildOnce({ directory, signal, build: slowBuild(built) });
    return readFileSync(join(path, 'second'), 'utf8');
  });
  expect(new Set(await Promise.all(wanted))).toEqual(new Set(['2']));
  expect(built).toHaveLength(1);
  expect(readdirSync(folder.path)).toEqual(['thing']);
});

test('what a dead process has left is taken over by one of many', async () => {
  const built: string[] = [];
  const directory = join(folder.path, 'thing');
  // No process has this pid.
  const dead = self().replace(/^\d+-\d+/, '4194305-1');
  writeFileSync(`${directory}.lock`, dead);
  mkdirSync(`${directory}.${dead}-x.tmp`);
  await Promise.all(Array.from({ length: 20 }, () => buildOnce({ directory, signal, build: slowBuild(built) })));
  expect(existsSync(join(directory, 'second'))).toBe(true);
  expect(new Set(built).size).toBe(built.length);
  expect(readdirSync(folder.path)).toEqual(['thing']);
});

test('what a dead process has left goes, of whichever version, and not what a living one or another container is at', async () => {
  const own = self();
  const [pid, start, namespace] = own.split('-');
  const at = (name: string): string => join(folder.path, name);
  for (const name of [
    `old.4194305-1-${namespace}-x.tmp`,
    `mine.${own}-x.tmp`,
    `far.4194305-1-1-x.tmp`,
    `hour.4194305-1-1-x.tmp`,
  ])
    mkdirSync(at(name));
  utimesSync(at('hour.4194305-1-1-x.tmp'), new Date(), new Date(Date.now() - 2 * 3_600_000));
  writeFileSync(at('old.lock'), `4194305-1-${namespace}`);
  writeFileSync(at('mine.lock'), `${pid}-${start}-${namespace}`);
  await buildOnce({ directory: at('thing'), signal, build: slowBuild([]) });
  expect(readdirSync(folder.path).sort()).toEqual(
    ['far.4194305-1-1-x.tmp', 'mine.lock', `mine.${own}-x.tmp`, 'thing'].sort(),
  );
});

test('a build that fails leaves nothing, and the next one is tried', async () => {
  const directory = join(folder.path, 'thing');
  const broken = (temporary: string): Promise<void> => {
    mkdirSync(temporary);
    return Promise.reject(new Error('no space'));
  };
  await expect(buildOnce({ directory, signal, build: broken })).rejects.toThrow('no space');
  expect(readdirSync(folder.path)).toEqual([]);
  await buildOnce({ directory, signal, build: slowBuild([]) });
  expect(readdirSync(folder.path)).toEqual(['thing']);
});
