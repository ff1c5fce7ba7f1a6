import type { Provenance } from '@chaos/spec';
import type { Layer } from './layer.js';
import { isMap, valueAt, type Path } from './raw-config.js';

/** A value with where it came from. */
export interface Found<T> {
  readonly value: T;
  readonly provenance: Provenance;
}

/**
 * The value of the strongest layer that has one. Where several paths are given, a layer's first that is set counts,
 * before any weaker layer is asked. Types are the schema's: layers are checked before they are looked into.
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

/** Names below a path, of all layers together, the weakest layer's first. */
export function namesAt(layers: readonly Layer[], path: Path): readonly string[] {
  const maps = layers.toReversed().map((layer) => valueAt(layer.data, path));
  return [...new Set(maps.flatMap((map) => (isMap(map) ? Object.keys(map) : [])))];
}

/** True for what is absolute: never scaled. */
export function isOverride({ layer }: Provenance): boolean {
  return layer === 'command line' || layer === 'environment variable';
}
