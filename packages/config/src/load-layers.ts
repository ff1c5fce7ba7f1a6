import { dirname, join, resolve } from 'node:path';
import type { ServiceDescription } from '@chaos/spec';
import { defaultLayer } from './defaults.js';
import { findConfigFile } from './find-config-file.js';
import type { Layer } from './layer.js';
import { knownServices, type LoadDefinition } from './known-services.js';
import { objectSource } from './object-layer.js';
import { schemaOf } from './schema.js';
import type { Node } from './schema-node.js';
import { readYaml } from './yaml-layer.js';

/** A loaded `chaos.config.ts`. */
export interface ConfigModule {
  /** Name for messages. */
  readonly file: string;
  /** Its default export. */
  readonly value: unknown;
}

/** Settings written in files, and the defaults, strongest first. */
export interface FileLayers {
  readonly layers: readonly Layer[];
  readonly problems: readonly string[];
  /** Schema for them. */
  readonly schema: Node;
  readonly services: readonly ServiceDescription[];
  /** Absolute paths of the user's definitions, by service. */
  readonly definitions: Readonly<Record<string, string>>;
  /** Absolute. */
  readonly rootDir: string;
  readonly file: string | undefined;
}

/**
 * Reads `chaos.yaml` (the given one, else the nearest, unless a folder without one is given) and `chaos.tuned.yaml`
 * beside it.
 */
export async function loadLayers(
  cwd: string,
  configFile: string | undefined,
  folder: string | undefined,
  configModule: ConfigModule | undefined,
  services: { readonly shipped: readonly ServiceDescription[]; readonly load: LoadDefinition },
): Promise<FileLayers> {
  const file =
    configFile !== undefined ? resolve(cwd, configFile) : folder === undefined ? findConfigFile(cwd) : undefined;
  const rootDir = file === undefined ? resolve(folder ?? cwd) : dirname(file);
  const sources = [
    configModule === undefined ? undefined : objectSource(configModule.file, configModule.value, cwd),
    ...(await Promise.all([
      file === undefined ? undefined : readYaml('chaos.yaml', file, cwd, true),
      readYaml('chaos.tuned.yaml', join(rootDir, 'chaos.tuned.yaml'), cwd, false),
    ])),
  ].filter((each) => each !== undefined);
  const { known, definitions, problems } = await knownServices(services.shipped, sources, rootDir, services.load);
  const schema = schemaOf(known);
  const loaded = sources.map((source) => source.check(schema));
  return {
    layers: [...loaded.map(({ layer }) => layer), defaultLayer(known)],
    problems: [...problems, ...loaded.flatMap((each) => each.problems)],
    schema,
    services: known,
    definitions,
    rootDir,
    file,
  };
}
