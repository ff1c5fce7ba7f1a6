import type { Provenance } from '@chaos/spec';
import type { Layer } from '../sources/layer.js';
import { lookUp, type Found } from './lookup.js';
import type { Path } from '../raw-config.js';

/** Reads settings and records the source of each. */
export interface Recorder {
  readonly provenance: Readonly<Record<string, Provenance>>;
  /**
   * The setting at a dotted camelCase path, which layers spell in snake_case. Only for settings that have a default.
   */
  take<T>(path: string): T;
  /** The same for optional settings; `otherwise` describes the source of the fallback. */
  find<T>(path: string, otherwise?: string): Found<T> | undefined;
  /** Records the source of a computed value. */
  note(path: string, provenance: Provenance): void;
}

/** Starts with an empty record. */
export function createRecorder(layers: readonly Layer[]): Recorder {
  const provenance: Record<string, Provenance> = {};
  const find = <T>(path: string, otherwise = 'default'): Found<T> | undefined => {
    const found = lookUp<T>(layers, snakePath(path));
    provenance[path] = found?.provenance ?? { layer: 'default', source: otherwise };
    return found;
  };
  return {
    provenance,
    find,
    take<T>(path: string) {
      const found = find<T>(path);
      if (found === undefined)
        throw new TypeError(`Cannot resolve ${path}: no layer has a value, not even the defaults`);
      return found.value;
    },
    note(path, where) {
      provenance[path] = where;
    },
  };
}

function snakePath(path: string): Path {
  return path.split('.').map((key) => key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
}
