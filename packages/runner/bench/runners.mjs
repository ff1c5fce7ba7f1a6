import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { installPeers } from './peers.mjs';

const ROOT = resolve(import.meta.dirname, '../../..');
const { modules, versions } = installPeers();

/**
 * Test runners: the source of a test, the command that runs a folder on two processes, and the output that proves all
 * tests ran.
 */
export const RUNNERS = {
  chaos: {
    name: '@chaos',
    extension: 'chaos.ts',
    head: "import { test, expect } from '@chaos/test';",
    assert: (a, b) => `expect(${a}).toBe(${b})`,
    command: (_, extra = []) => [
      join(ROOT, 'packages/cli/dist/bin.cjs'),
      'run',
      '--workers',
      '2',
      '--retries',
      '0',
      ...extra,
    ],
    merge: (blobs) => [join(ROOT, 'packages/cli/dist/bin.cjs'), 'merge-reports', '--reporter', 'json', blobs],
    counted: (output) => sum(output, /^ {2}(\d+) (?:passed|failed)/gm),
  },
  node: {
    name: `node:test ${process.version}`,
    extension: 'test.mjs',
    head: "import { test } from 'node:test'; import assert from 'node:assert/strict';",
    assert: (a, b) => `assert.equal(${a}, ${b})`,
    command: (folder) => [
      '--test',
      '--test-concurrency=2',
      '--test-reporter=spec',
      ...readdirSync(folder).filter((name) => name.endsWith('.test.mjs')),
    ],
    counted: (output) => sum(output, /^ℹ (?:pass|fail) (\d+)/gm),
  },
  playwright: {
    name: `Playwright Test ${versions.playwright}`,
    extension: 'spec.ts',
    head: "import { test, expect } from '@playwright/test';",
    assert: (a, b) => `expect(${a}).toBe(${b})`,
    command: () => [join(modules, '@playwright/test/cli.js'), 'test', '--workers=2', '--reporter=list'],
    counted: (output) => sum(output, /^ {2}(\d+) (?:passed|failed)/gm),
  },
  vitest: {
    name: `Vitest ${versions.vitest}`,
    extension: 'test.ts',
    head: "import { test, expect } from 'vitest';",
    assert: (a, b) => `expect(${a}).toBe(${b})`,
    command: () => [join(modules, 'vitest/vitest.mjs'), 'run', '--maxWorkers=2'],
    counted: (output) =>
      sum(output.split('\n').find((line) => /^\s+Tests /.test(line)) ?? '', /(\d+) (?:passed|failed)/g),
  },
};

/** Writes `files` × `tests` trivial async tests for a runner; `body` replaces the assertion. */
export function createProject(runner, { files, tests, wrong = false, body }) {
  const folder = mkdtempSync(join(tmpdir(), 'chaos-bench-'));
  const linked = runner === RUNNERS.chaos ? join(ROOT, 'tests/node_modules') : modules;
  if (!existsSync(linked)) throw new Error(`Cannot bench: ${linked} is missing, run pnpm install`);
  symlinkSync(linked, join(folder, 'node_modules'));
  mkdirSync(join(folder, 'tmp'));
  writeFileSync(join(folder, 'package.json'), '{ "name": "bench", "private": true, "type": "module" }');
  for (let file = 0; file < files; file++) {
    const lines = Array.from(
      { length: tests },
      (_, index) => `test('test ${index}', async () => { ${body ?? runner.assert(index, wrong ? -1 : index)}; });`,
    );
    writeFileSync(
      join(folder, `file-${String(file).padStart(4, '0')}.${runner.extension}`),
      `${runner.head}\n${lines.join('\n')}\n`,
    );
  }
  return {
    folder,
    expected: files * tests,
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}

function sum(output, pattern) {
  return [...output.matchAll(pattern)].reduce((total, [, count]) => total + Number(count), 0);
}
