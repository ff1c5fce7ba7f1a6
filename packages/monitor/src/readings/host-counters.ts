import { join } from 'node:path';
import { cgroupLevels, readText } from './cgroup-levels.js';
import { buffer, numberAfter, numberAt, ProcFile } from './proc-file.js';

/** Counters of the machine; times add up since boot. */
export interface HostCounters {
  /**
   * CPU ticks of processes. Interrupts are left out: on loopback they are the network work of our own processes, which
   * the kernel charges to nobody.
   */
  busyTicks: number;
  stealTicks: number;
  usedBytes: number;
  memoryRatio: number;
  throttledPeriods: number;
  periods: number;
  /** Microseconds in which at least one task waited. */
  readonly pressureUs: { cpu?: number; memory?: number; io?: number };
}

interface MemoryLevel {
  readonly usage: ProcFile;
  readonly stat: ProcFile;
  readonly limitBytes: number;
}

const RESOURCES = ['cpu', 'memory', 'io'] as const;
const end = { at: 0 };

/** Reads {@link HostCounters}. Throws if there is no `/proc`. */
export class HostReader {
  /** CPUs that this process may use: load on other CPUs does not affect us. */
  readonly cpus: ReadonlySet<number> = allowedCpus(readText('/proc/self/status'));
  readonly #stat = new ProcFile('/proc/stat');
  readonly #meminfo = new ProcFile('/proc/meminfo');
  readonly #pressure = RESOURCES.flatMap((resource) =>
    open(`/proc/pressure/${resource}`).map((file) => ({ resource, file })),
  );
  readonly #throttle: readonly ProcFile[] = cgroupLevels('cpu')
    .filter(hasQuota)
    .flatMap((folder) => open(join(folder, 'cpu.stat')));
  readonly #memory: readonly MemoryLevel[] = cgroupLevels('memory').flatMap(memoryLevel);
  readonly #counters: HostCounters = {
    busyTicks: 0,
    stealTicks: 0,
    usedBytes: 0,
    memoryRatio: 0,
    throttledPeriods: 0,
    periods: 0,
    pressureUs: {},
  };

  /** Reuses one object for all readings. */
  read(): Readonly<HostCounters> {
    const into = this.#counters;
    this.#readCpu(into);
    this.#readMemory(into);
    into.periods = into.throttledPeriods = 0;
    for (const file of this.#throttle) {
      const length = file.read(4096);
      into.periods += numberAfter('nr_periods ', length) ?? 0;
      into.throttledPeriods += numberAfter('nr_throttled ', length) ?? 0;
    }
    for (const { resource, file } of this.#pressure)
      into.pressureUs[resource] = numberAfter('total=', file.read(256)) ?? 0;
    return into;
  }

  #readCpu(into: HostCounters): void {
    // The lines of the CPUs come first, so read only these: the kernel need not produce the long line of interrupts.
    const highest = Math.max(...this.cpus);
    const length = this.#stat.read(Math.min(buffer.length, 160 * (highest + 2)));
    into.busyTicks = into.stealTicks = 0;
    for (
      let line = buffer.indexOf(10) + 1;
      line > 0 && line + 4 < length && buffer[line] === 99;
      line = buffer.indexOf(10, line) + 1
    ) {
      const cpu = numberAt(line + 3, length, end);
      if (!this.cpus.has(cpu)) continue;
      for (let field = 1; field <= 8; field += 1) {
        const ticks = numberAt(end.at, length, end);
        if (field <= 3) into.busyTicks += ticks;
        else if (field === 8) into.stealTicks += ticks;
      }
    }
  }

  #readMemory(into: HostCounters): void {
    const length = this.#meminfo.read(512);
    const totalBytes = 1024 * (numberAfter('MemTotal:', length) ?? 0);
    into.usedBytes = totalBytes - 1024 * (numberAfter('MemAvailable:', length) ?? 0);
    into.memoryRatio = into.usedBytes / totalBytes;
    for (const { usage, stat, limitBytes } of this.#memory) {
      if (limitBytes >= totalBytes) continue;
      const used = numberAt(0, usage.read(64));
      const reclaimable = numberAfter('inactive_file ', stat.read()) ?? 0;
      into.memoryRatio = Math.max(into.memoryRatio, (used - reclaimable) / limitBytes);
    }
  }
}

function open(path: string): ProcFile[] {
  try {
    const file = new ProcFile(path);
    file.read(1);
    return [file];
  } catch {
    return [];
  }
}

function hasQuota(folder: string): boolean {
  return /^\d/.test(readText(join(folder, 'cpu.max'))) || Number(readText(join(folder, 'cpu.cfs_quota_us')) || -1) > 0;
}

function memoryLevel(folder: string): MemoryLevel[] {
  const [usageName, limitName] =
    readText(join(folder, 'memory.max')) === ''
      ? ['memory.usage_in_bytes', 'memory.limit_in_bytes']
      : ['memory.current', 'memory.max'];
  const limitBytes = Number.parseInt(readText(join(folder, limitName!)), 10);
  const [usage] = open(join(folder, usageName!));
  const [stat] = open(join(folder, 'memory.stat'));
  return usage === undefined || stat === undefined || Number.isNaN(limitBytes) ? [] : [{ usage, stat, limitBytes }];
}

function allowedCpus(status: string): ReadonlySet<number> {
  const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(status)?.[1] ?? '0';
  const cpus = new Set<number>();
  for (const range of list.split(',')) {
    const [first = 0, last = first] = range.split('-').map(Number);
    for (let cpu = first; cpu <= last; cpu += 1) cpus.add(cpu);
  }
  return cpus;
}
