import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { cgroupLevels } from './cgroup-levels.js';

const root = mkdtempSync(join(tmpdir(), 'chaos-cgroup-'));
mkdirSync(join(root, 'v2/user/session'), { recursive: true });
mkdirSync(join(root, 'memory/docker/abc'), { recursive: true });
afterAll(() => rmSync(root, { recursive: true }));

test('v2: our cgroup and those above it', () => {
  const mountinfo = `38 31 0:35 / ${root}/v2 rw,relatime - cgroup2 cgroup2 rw\n`;
  expect(cgroupLevels('cpu', '0::/user/session\n', mountinfo)).toEqual([
    `${root}/v2/user/session`,
    `${root}/v2/user`,
    `${root}/v2`,
  ]);
});

test('v1: the hierarchy of the controller, also on a hybrid host', () => {
  const mountinfo = `35 31 0:32 / ${root}/memory rw - cgroup cgroup rw,memory\n41 31 0:38 / ${root}/v2 rw - cgroup2 cgroup2 rw\n`;
  expect(cgroupLevels('memory', '4:memory:/docker/abc\n0::/\n', mountinfo)).toEqual([
    `${root}/memory/docker/abc`,
    `${root}/memory/docker`,
    `${root}/memory`,
  ]);
});

test('inside a container only its own part is mounted', () => {
  const mountinfo = `35 31 0:32 /docker/abc ${root}/memory rw - cgroup cgroup rw,memory\n`;
  expect(cgroupLevels('memory', '4:memory:/docker/abc\n', mountinfo)).toEqual([`${root}/memory`]);
  expect(cgroupLevels('cpu', '4:memory:/docker/abc\n', mountinfo)).toEqual([]);
});
