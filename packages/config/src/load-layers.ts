import { dirname, join, resolve } from 'node:path';
import { defaultLayer } from './defaults.js';
import { findConfigFile } from './find-config-file.js';
import type { Layer } from './layer.js';
import { objectLayer } from './object-layer.js';
import { loadYamlLayer } from './yaml-layer.js';

/** A `chaos.config.ts` that has been loaded already. */
export interface ConfigModule {
  /** For messages. */
  readonly file: string;
  /** Its default export. */
  readonly value: unknown;
}

/** What is written in files, and the defaults, the strongest first. */
export interface FileLayers {
  readonly layers: readonly Layer[];
  readonly problems: readonly string[];
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
): Promise<FileLayers> {
  const file =
    configFile !== undefined ? resolve(cwd, configFile) : folder === undefined ? findConfigFile(cwd) : undefined;
  const rootDir = file === undefined ? resolve(folder ?? cwd) : dirname(file);
  const loaded = [
    configModule === undefined ? undefined : objectLayer(configModule.file, configModule.value, cwd),
    ...(await Promise.all([
      file === undefined ? undefined : loadYamlLayer('chaos.yaml', file, cwd, true),
      loadYamlLayer('chaos.tuned.yaml', join(rootDir, 'chaos.tuned.yaml'), cwd, false),
    ])),
  ].filter((each) => each !== undefined);
  return {
    layers: [...loaded.map(({ layer }) => layer), defaultLayer],
    problems: loaded.flatMap(({ problems }) => problems),
    rootDir,
    file,
  };
}
