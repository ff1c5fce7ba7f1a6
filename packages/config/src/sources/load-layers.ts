import { resolve } from 'node:path';
import type { ServiceDescription } from '@chaos/spec';
import { defaultLayer } from '../defaults.js';
import type { Layer } from './layer.js';
import { knownServices, type LoadDefinition } from './known/known-services.js';
import { objectSource } from './object-layer.js';
import { schemaOf } from '../schema.js';
import type { Node } from '../schema-node.js';
import type { KnownService } from '../schema/services.js';
import type { ConfigLayers } from './read-layers.js';
import { yamlSource } from './yaml-layer.js';

/** Settings written in files, and the defaults, strongest first. */
export interface FileLayers {
  readonly layers: readonly Layer[];
  readonly problems: readonly string[];
  /** Schema for them. */
  readonly schema: Node;
  readonly services: readonly KnownService[];
  /** Absolute paths of the user's definitions, by service. */
  readonly definitions: Readonly<Record<string, string>>;
  /** Absolute. */
  readonly rootDir: string;
  readonly file: string | undefined;
}

/** Parses and checks what {@link readLayers} has read, with paths from `cwd`. */
export async function loadLayers(
  { root, module, files }: ConfigLayers,
  cwd: string,
  services: { readonly shipped: readonly ServiceDescription[]; readonly load: LoadDefinition },
): Promise<FileLayers> {
  const rootDir = resolve(cwd, root);
  const file = files.find(({ name }) => name === 'chaos.yaml')?.file;
  const sources = [
    ...(module === undefined ? [] : [objectSource(module.file, module.settings)]),
    ...(await Promise.all(files.map((each) => yamlSource(each, cwd)))),
  ];
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
    file: file && resolve(cwd, file),
  };
}
