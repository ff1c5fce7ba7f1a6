import type { HardwareProfile } from '@chaos/spec';
import type { Layer } from '../sources/layer.js';
import { lookUp, type Found } from './lookup.js';
import { isMap, valueAt } from '../raw-config.js';

/** Hardware figures that configuration depends on. */
export interface UsableHardware {
  readonly usableCpus: number;
  readonly usableMemoryBytes: number;
}

/** Overrides > tuned > table of the profile > `max(cpus / 4, memoryGiB / 8, 1)` if the user wrote an empty table. */
export function loadMultiplier(
  layers: readonly Layer[],
  profile: HardwareProfile,
  hardware: UsableHardware,
): Found<number> {
  const path = ['hardware_profiles', profile, 'load_multiplier'] as const;
  // Tuned figures are measured on this machine and the table is a guess, so here they win over chaos.yaml.
  const rank = (layer: Layer): number =>
    layer.name === 'command line' || layer.name === 'environment variable'
      ? 0
      : layer.name === 'chaos.tuned.yaml'
        ? 1
        : 2;
  const ranked = layers.toSorted((a, b) => rank(a) - rank(b));
  const noTable = ranked.find((layer) => isEmptyMap(valueAt(layer.data, ['hardware_profiles'])));
  const found = lookUp<number>(
    noTable === undefined ? ranked : ranked.filter((layer) => layer.name !== 'default'),
    path,
  );
  if (found !== undefined) return found;
  const source = noTable?.source(['hardware_profiles']) ?? '';
  return {
    value: Math.max(hardware.usableCpus / 4, hardware.usableMemoryBytes / 2 ** 30 / 8, 1),
    provenance: { layer: noTable?.name ?? 'default', source: `${source}: no table, max(cpus / 4, memoryGiB / 8, 1)` },
  };
}

function isEmptyMap(value: unknown): boolean {
  return isMap(value) && Object.keys(value).length === 0;
}
