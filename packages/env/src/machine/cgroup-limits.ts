import { join } from 'node:path';
import { cgroupHierarchies, type CgroupHierarchy } from './cgroup-folders.js';
import { countCpuList } from './cpu-list.js';
import { readText } from '../read-text.js';

/** The tightest limits of all cgroup levels; `Infinity` if there is none. */
export interface CgroupLimits {
  /** CPUs allowed by the CFS quota, with a fraction. */
  readonly quotaCpus: number;
  /** CPUs of the cpuset. */
  readonly cpusetCpus: number;
  readonly memoryBytes: number;
}

const DEFAULT_PERIOD_US = 100_000;

/** Reads the limits of every level of every cgroup hierarchy that this process is in. */
export function cgroupLimits(root: string): CgroupLimits {
  const found = cgroupHierarchies(root).flatMap((hierarchy) =>
    hierarchy.folders.map((folder) => limitsOf(hierarchy, folder)),
  );
  return {
    quotaCpus: Math.min(Infinity, ...found.map((limits) => limits.quotaCpus)),
    cpusetCpus: Math.min(Infinity, ...found.map((limits) => limits.cpusetCpus)),
    memoryBytes: Math.min(Infinity, ...found.map((limits) => limits.memoryBytes)),
  };
}

function limitsOf(hierarchy: CgroupHierarchy, folder: string): CgroupLimits {
  const read = (file: string): string | undefined => readText(join(folder, file))?.trim();
  if (hierarchy.version === 2) {
    const [quota, period] = read('cpu.max')?.split(' ') ?? [];
    return {
      quotaCpus: quotaCpus(quota, period),
      cpusetCpus: cpuset(read('cpuset.cpus.effective')),
      memoryBytes: Math.min(positive(read('memory.max')), positive(read('memory.high'))),
    };
  }
  const has = (name: string): boolean => hierarchy.controllers.includes(name);
  return {
    quotaCpus: has('cpu') ? quotaCpus(read('cpu.cfs_quota_us'), read('cpu.cfs_period_us')) : Infinity,
    cpusetCpus: has('cpuset') ? cpuset(read('cpuset.effective_cpus') ?? read('cpuset.cpus')) : Infinity,
    memoryBytes: has('memory')
      ? Math.min(positive(read('memory.limit_in_bytes')), hierarchicalLimit(read('memory.stat')))
      : Infinity,
  };
}

function quotaCpus(quotaUs: string | undefined, periodUs: string | undefined): number {
  const period = positive(periodUs);
  return positive(quotaUs) / (period === Infinity ? DEFAULT_PERIOD_US : period);
}

// `max`, -1 and a missing file all mean "no limit".
function positive(text: string | undefined): number {
  const value = Number(text);
  return Number.isFinite(value) && value > 0 ? value : Infinity;
}

// v1 sums up the limits above the topmost visible group.
function hierarchicalLimit(stat: string | undefined): number {
  return positive(/^hierarchical_memory_limit (\d+)$/m.exec(stat ?? '')?.[1]);
}

function cpuset(text: string | undefined): number {
  return (text === undefined ? undefined : countCpuList(text)) ?? Infinity;
}
