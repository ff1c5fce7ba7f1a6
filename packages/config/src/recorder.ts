import type { Provenance } from '@chaos/spec';
import type { Layer } from './layer.js';
import { lookUp, type Found } from './lookup.js';
import type { Path } from './raw-config.js';

/** Reads settings and writes down where each came from. */
export interface Recorder {
  readonly provenance: Readonly<Record<string, Provenance>>;
  /** The setting at a camelCase dotted path, spelled in snake_case in the layers. Only for what has a default. */
  take<T>(path: string): T;
  /** The same for what may be absent; `otherwise` says where the fall-back comes from. */
  find<T>(path: string, otherwise?: string): Found<T> | undefined;
  /** Notes the source of a value that was worked out. */
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
