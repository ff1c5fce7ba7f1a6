import type { HardwareProfile } from '@chaos/spec';

const GIB = 2 ** 30;

/**
 * Size class of a machine by its usable hardware: high = at least 8 CPUs and 16 GiB, medium = at least 4 and 8, else
 * low. Both must be met: 64 CPUs with 2 GiB are low.
 */
export function hardwareProfile(hardware: {
  readonly usableCpus: number;
  readonly usableMemoryBytes: number;
}): HardwareProfile {
  const { usableCpus, usableMemoryBytes } = hardware;
  if (usableCpus >= 8 && usableMemoryBytes >= 16 * GIB) return 'high';
  return usableCpus >= 4 && usableMemoryBytes >= 8 * GIB ? 'medium' : 'low';
}
