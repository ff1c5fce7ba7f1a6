import type { Provenance } from '@chaos/spec';
import type { Path, RawConfig } from '../raw-config.js';
import type { Node } from '../schema-node.js';

/** One source of configuration. Layers are held in a list, the strongest first. */
export interface Layer {
  readonly name: Provenance['layer'];
  readonly data: RawConfig;
  /** Position of the value (or its key) at a path: `chaos.yaml:3:12`, `CHAOS_SEED`, `--workers`. */
  source(path: Path, of?: 'key' | 'value'): string;
  /** True if `source` already names the setting, as the name of a variable does. */
  readonly sourceNamesSetting: boolean;
  /** The text written at a path, if it differs from the printed value: `1.10`, `.inf`. */
  written?(path: Path): string | undefined;
  /** Spelling of a path for users of this layer, if it differs from `chaos.yaml`. */
  spell?(path: Path): string;
}

/** A source that has been read, but not yet checked against a schema. */
export interface Source {
  /** The unchecked value at a path of the schema. */
  raw(path: Path): unknown;
  readonly place: Layer;
  /** Checks it against the schema. */
  check(root: Node): LoadedLayer;
}

/** Result of reading one source. */
export interface LoadedLayer {
  readonly layer: Layer;
  readonly problems: readonly string[];
}
