import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { cgroupLimits } from './cgroup-limits.js';
import { countCpuList } from './cpu-list.js';
import { readText } from '../read-text.js';

/** Options of {@link detectLimits}. */
export interface DetectLimitsOptions {
  /** Folder in which `proc` and `sys` are looked up. Default `/`. */
  readonly root?: string;
}

/** Hardware of the machine, and the part of it that affinity and cgroups leave to this process. */
export interface Limits {
  /** CPUs that the kernel shows. */
  readonly logicalCpus: number;
  /** The smallest of affinity, cpuset and CFS quota on every level; fractions kept (0.5 = half a CPU). */
  readonly usableCpus: number;
  readonly totalMemoryBytes: number;
  /** The smallest of the machine's memory and the cgroup limits on every level. */
  readonly usableMemoryBytes: number;
  /** Limit that each bound alone would set; absent = it sets none. */
  readonly bounds: {
    readonly affinityCpus?: number;
    readonly cpusetCpus?: number;
    readonly quotaCpus?: number;
    readonly memoryBytes?: number;
  };
}

/**
 * CPUs and memory that this process may really use, from affinity and cgroup v1, v2 or both, nested.
 * Reads a few small files and takes about a millisecond. Without /proc (not Linux) it returns the values of `node:os`.
 */
export function detectLimits(options: DetectLimitsOptions = {}): Limits {
  const root = options.root ?? '/';
  const logicalCpus = readText(join(root, 'proc/stat'))?.match(/^cpu\d+ /gm)?.length ?? cpus().length;
  const totalMemoryBytes = memoryTotal(root) ?? totalmem();
  const affinityCpus = affinity(root) ?? Infinity;
  const { cpusetCpus, quotaCpus, memoryBytes } = cgroupLimits(root);
  return {
    logicalCpus,
    usableCpus: Math.min(logicalCpus, affinityCpus, cpusetCpus, quotaCpus),
    totalMemoryBytes,
    usableMemoryBytes: Math.min(totalMemoryBytes, memoryBytes),
    bounds: {
      ...(affinityCpus === Infinity ? {} : { affinityCpus }),
      ...(cpusetCpus === Infinity ? {} : { cpusetCpus }),
      ...(quotaCpus === Infinity ? {} : { quotaCpus }),
      // cgroup v1 writes "no limit" as a number near 2^63.
      ...(memoryBytes >= 2 ** 62 ? {} : { memoryBytes }),
    },
  };
}

function affinity(root: string): number | undefined {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readText(join(root, 'proc/self/status')) ?? '')?.[1];
  return list === undefined ? undefined : countCpuList(list);
}

function memoryTotal(root: string): number | undefined {
  const kibibytes = /^MemTotal:\s*(\d+) kB$/m.exec(readText(join(root, 'proc/meminfo')) ?? '')?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
}
