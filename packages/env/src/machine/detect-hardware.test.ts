import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { detectContainer } from './detect-container.js';
import { detectHardware } from './detect-hardware.js';
import { detectLimits } from './detect-limits.js';

it('detectHardware() names the machine around the limits', async () => {
  const hardware = await detectHardware();
  expect(hardware).toMatchObject(detectLimits());
  expect(hardware.cpuModel).not.toBe('');
  expect(hardware.cpuMhz).toBeGreaterThanOrEqual(0);
  expect(hardware.virtualization).not.toBe('');
});

it.each([
  ['.dockerenv', '', 'docker'],
  ['run/.containerenv', '', 'podman'],
  ['proc/1/environ', 'PATH=/bin\0container=lxc\0', 'lxc'],
  ['proc/1/cgroup', '0::/kubepods.slice/pod1\n', 'kubernetes'],
  ['proc/1/cgroup', '0::/\n', 'none'],
])('detectContainer() reads %s %j', (path, text, kind) => {
  const root = mkdtempSync(join(tmpdir(), 'chaos-container-'));
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
  expect(detectContainer(root, {})).toBe(kind);
  rmSync(root, { recursive: true });
});
