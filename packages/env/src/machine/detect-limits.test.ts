import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { detectLimits } from './detect-limits.js';

const GIB = 2 ** 30;
const V2_MOUNT = '30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n';
const roots: string[] = [];

afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true });
});

// A machine of 16 CPUs and 64 GiB, with the given files on top.
function machine(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'chaos-limits-'));
  roots.push(root);
  const all = {
    'proc/stat': `cpu  1 2 3\n${Array.from({ length: 16 }, (_, cpu) => `cpu${cpu} 1 2 3`).join('\n')}\nintr 1\n`,
    'proc/meminfo': `MemTotal:       ${64 * 1024 * 1024} kB\nMemFree: 1 kB\n`,
    'proc/self/status': 'Name:\tnode\nCpus_allowed:\tffff\nCpus_allowed_list:\t0-15\n',
    ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

function limits(files: Readonly<Record<string, string>>): { cpus: number; gib: number } {
  const { usableCpus, usableMemoryBytes } = detectLimits({ root: machine(files) });
  return { cpus: usableCpus, gib: usableMemoryBytes / GIB };
}

const v2 = (group: string, files: Readonly<Record<string, string>>): Readonly<Record<string, string>> => ({
  'proc/self/cgroup': `0::${group}\n`,
  'proc/self/mountinfo': V2_MOUNT,
  ...Object.fromEntries(Object.entries(files).map(([path, text]) => [`sys/fs/cgroup/${path}`, text])),
});

describe('detectLimits()', () => {
  it('finds the whole machine where nothing limits it', () => {
    expect(detectLimits({ root: machine({}) })).toEqual({
      logicalCpus: 16,
      usableCpus: 16,
      totalMemoryBytes: 64 * GIB,
      usableMemoryBytes: 64 * GIB,
      bounds: { affinityCpus: 16 },
    });
  });

  it('counts affinity lists', () => {
    expect(limits({ 'proc/self/status': 'Cpus_allowed_list:\t0-2,5,8-9\n' }).cpus).toBe(6);
  });

  it('keeps fractions of a v2 quota', () => {
    expect(limits(v2('/', { 'cpu.max': '25000 100000\n', 'memory.max': 'max\n' }))).toEqual({ cpus: 0.25, gib: 64 });
  });

  it('takes the tightest of all nested v2 levels, whichever it is', () => {
    expect(
      limits(
        v2('/outer/middle/inner', {
          'outer/cpu.max': '800000 100000\n',
          'outer/memory.max': `${2 * GIB}\n`,
          'outer/middle/cpu.max': '150000 100000\n',
          'outer/middle/inner/cpu.max': 'max 100000\n',
          'outer/middle/inner/memory.max': `${8 * GIB}\n`,
        }),
      ),
    ).toEqual({ cpus: 1.5, gib: 2 });
  });

  it('honours memory.high and cpuset.cpus.effective of v2', () => {
    expect(
      limits(
        v2('/a', { 'a/memory.high': `${3 * GIB}\n`, 'a/memory.max': 'max\n', 'a/cpuset.cpus.effective': '0-3\n' }),
      ),
    ).toEqual({ cpus: 4, gib: 3 });
  });

  it('finds the own group where a container shows only a part of the hierarchy', () => {
    expect(
      limits({
        'proc/self/cgroup': '0::/docker/abc/child\n',
        'proc/self/mountinfo': '30 23 0:26 /docker/abc /sys/fs/cgroup ro - cgroup2 cgroup rw\n',
        'sys/fs/cgroup/cpu.max': '200000 100000\n',
        'sys/fs/cgroup/child/cpu.max': '300000 100000\n',
      }).cpus,
    ).toBe(2);
  });

  it('reads what is shown where the own group lies outside of it', () => {
    expect(limits({ ...v2('/../../other', {}), 'sys/fs/cgroup/cpu.max': '50000 100000\n' }).cpus).toBe(0.5);
  });

  it('reads v1 controllers, mounted together and nested', () => {
    const mountinfo =
      '31 23 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n' +
      '32 23 0:30 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset\n' +
      '33 23 0:31 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n';
    expect(
      limits({
        'proc/self/cgroup': '4:memory:/pod/box\n3:cpuset:/pod\n2:cpuacct,cpu:/pod/box\n1:name=systemd:/x\n',
        'proc/self/mountinfo': mountinfo,
        'sys/fs/cgroup/cpu,cpuacct/pod/box/cpu.cfs_quota_us': '-1\n',
        'sys/fs/cgroup/cpu,cpuacct/pod/box/cpu.cfs_period_us': '100000\n',
        'sys/fs/cgroup/cpu,cpuacct/pod/cpu.cfs_quota_us': '125000\n',
        'sys/fs/cgroup/cpu,cpuacct/pod/cpu.cfs_period_us': '50000\n',
        'sys/fs/cgroup/cpuset/pod/cpuset.cpus': '0-7\n',
        'sys/fs/cgroup/memory/pod/box/memory.limit_in_bytes': '9223372036854771712\n',
        'sys/fs/cgroup/memory/pod/box/memory.stat': `cache 1\nhierarchical_memory_limit ${4 * GIB}\n`,
      }),
    ).toEqual({ cpus: 2.5, gib: 4 });
  });

  it('treats 2^63 of v1 as no limit', () => {
    const { bounds } = detectLimits({
      root: machine({
        'proc/self/cgroup': '4:memory:/\n',
        'proc/self/mountinfo': '33 23 0:31 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n',
        'sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
      }),
    });
    expect(bounds).toEqual({ affinityCpus: 16 });
  });

  it('combines v1 and v2 on a hybrid machine', () => {
    expect(
      limits({
        'proc/self/cgroup': '2:memory:/m\n0::/u\n',
        'proc/self/mountinfo':
          '33 23 0:31 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n38 31 0:41 / /sys/fs/cgroup/unified rw shared:9 master:1 - cgroup2 cgroup2 rw\n',
        'sys/fs/cgroup/memory/m/memory.limit_in_bytes': `${6 * GIB}\n`,
        'sys/fs/cgroup/unified/u/cpu.max': '333000 100000\n',
      }),
    ).toEqual({ cpus: 3.33, gib: 6 });
  });

  it('reads mount points with spaces', () => {
    expect(
      limits({
        'proc/self/cgroup': '0::/\n',
        'proc/self/mountinfo': '30 23 0:26 / /my\\040groups rw - cgroup2 cgroup2 rw\n',
        'my groups/cpu.max': '100000 100000\n',
      }).cpus,
    ).toBe(1);
  });
});

const QUOTA = '/sys/fs/cgroup/cpu/cpu.cfs_quota_us';

describe.runIf(process.platform === 'linux')('detectLimits() of a real process', () => {
  // The machine as the child sees it: its own /proc/self, everything else real.
  async function limitsOf(
    argv: readonly [string, ...string[]],
    before: (pid: number) => void = () => {},
  ): Promise<number> {
    const root = mkdtempSync(join(tmpdir(), 'chaos-limits-'));
    roots.push(root);
    mkdirSync(join(root, 'proc'));
    const [command, ...args] = argv;
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      await once(child.stdout, 'data');
      before(child.pid ?? 0);
      symlinkSync(`/proc/${child.pid}`, join(root, 'proc/self'));
      symlinkSync('/proc/stat', join(root, 'proc/stat'));
      symlinkSync('/sys', join(root, 'sys'));
      return detectLimits({ root }).usableCpus;
    } finally {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    }
  }

  it('sees its affinity', async () => {
    expect(await limitsOf(['taskset', '-c', '0', 'sh', '-c', 'echo up; exec sleep 10'])).toBe(1);
  });

  it.runIf(process.getuid?.() === 0 && existsSync(QUOTA))('sees the quota of the group above its own', async () => {
    const outer = `/sys/fs/cgroup/cpu/chaos-test-${process.pid}`;
    const inner = join(outer, 'inner');
    mkdirSync(inner, { recursive: true });
    try {
      writeFileSync(join(outer, 'cpu.cfs_quota_us'), '70000');
      expect(
        await limitsOf(['sh', '-c', 'echo up; exec sleep 10'], (pid) =>
          writeFileSync(join(inner, 'cgroup.procs'), `${pid}`),
        ),
      ).toBe(0.7);
    } finally {
      rmdirSync(inner);
      rmdirSync(outer);
    }
  });
});
