import { createHash } from 'node:crypto';
import { arch, cpus, platform } from 'node:os';
import { detectLimits, type Limits } from '@chaos/env';
import type { RunPlace } from '@chaos/triage';
import { readHead } from '../git/read-head.js';

const GIB = 2 ** 30;

/** The machine and the commit of a run in this process, for its record. */
export function runPlace(
  rootDir: string,
  limits: Pick<Limits, 'usableCpus' | 'usableMemoryBytes'> = detectLimits(),
): RunPlace {
  const cpuModel = cpus()[0]?.model.trim() ?? 'unknown';
  const { usableCpus, usableMemoryBytes } = limits;
  return {
    fingerprint: fingerprintOf({ cpuModel, usableCpus, usableMemoryBytes }),
    platform: platform(),
    arch: arch(),
    node: process.version,
    cpuModel,
    usableCpus,
    usableMemoryBytes,
    ...readHead(rootDir),
  };
}

/** `2cpu-24gib-linux-x64-1a2b3c`: equal for machines on which the same numbers can be expected. */
function fingerprintOf({
  cpuModel,
  usableCpus,
  usableMemoryBytes,
}: Pick<RunPlace, 'cpuModel' | 'usableCpus' | 'usableMemoryBytes'>): string {
  const size = `${Number(usableCpus.toFixed(2))}cpu-${Math.round(usableMemoryBytes / GIB)}gib-${platform()}-${arch()}`;
  return `${size}-${createHash('sha256').update(`${size}\n${cpuModel}`).digest('hex').slice(0, 6)}`;
}
