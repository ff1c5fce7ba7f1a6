import type { Provenance } from '@chaos/spec';
import type { Layer } from '../sources/layer.js';
import { isMap, valueAt, type Path } from '../raw-config.js';

/** A value with its source. */
export interface Found<T> {
  readonly value: T;
  readonly provenance: Provenance;
}

/**
 * The value of the strongest layer that has one. If several paths are given, the first one set in a layer counts,
 * before any weaker layer is asked. Types are the schema's: layers are checked before lookups.
 */
export function lookUp<T>(layers: readonly Layer[], ...paths: readonly [Path, ...Path[]]): Found<T> | undefined {
  for (const layer of layers) {
    for (const path of paths) {
      const value = valueAt(layer.data, path);
      if (value !== undefined)
        return { value: value as T, provenance: { layer: layer.name, source: layer.source(path) } };
    }
  }
  return undefined;
}

/** Names below a path in all layers, starting with the weakest layer. */
export function namesAt(layers: readonly Layer[], path: Path): readonly string[] {
  const maps = layers.toReversed().map((layer) => valueAt(layer.data, path));
  return [...new Set(maps.flatMap((map) => (isMap(map) ? Object.keys(map) : [])))];
}

/** True for absolute values, which are never scaled. */
export function isOverride({ layer }: Pick<Provenance, 'layer'>): boolean {
  return layer === 'command line' || layer === 'environment variable';
}
