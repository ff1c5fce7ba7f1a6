import type { Provenance } from '@chaos/spec';
import type { Path, RawConfig } from './raw-config.js';
import type { Node } from './schema-node.js';

/** One source of configuration. Layers are held in a list, the strongest first. */
export interface Layer {
  readonly name: Provenance['layer'];
  readonly data: RawConfig;
  /** Where the value (or its key) at a path stands: `chaos.yaml:3:12`, `CHAOS_SEED`, `--workers`. */
  source(path: Path, of?: 'key' | 'value'): string;
  /** True where `source` already says which setting is meant, as a variable's name does. */
  readonly sourceNamesSetting: boolean;
  /** The text that stands at a path, where it is another than the value prints as: `1.10`, `.inf`. */
  written?(path: Path): string | undefined;
  /** How a path is spelled for the user of this layer, where not as in `chaos.yaml`. */
  spell?(path: Path): string;
}

/** A source that has been read, before it is known what it may hold. */
export interface Source {
  /** The value that stands at a path of the schema, unchecked. */
  raw(path: Path): unknown;
  readonly place: Layer;
  /** Checks it. */
  check(root: Node): LoadedLayer;
}

/** What reading one source came to. */
export interface LoadedLayer {
  readonly layer: Layer;
  readonly problems: readonly string[];
}
