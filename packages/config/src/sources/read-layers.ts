import { assertOwnFile } from './own-file.js';
import { dirname, join, relative, resolve } from 'node:path';
import { findConfigFile } from './find-config-file.js';
import { VARIABLES, type CliOverrides } from './override-layers.js';
import { isMap } from '../raw-config.js';
import { fromTestConfig } from './test-config.js';
import { readYamlText, type YamlText } from './yaml-layer.js';

/** A loaded `chaos.config.ts`. */
export interface ConfigModule {
  /** Name for messages. */
  readonly file: string;
  /** Its default export. */
  readonly value: unknown;
}

/** Options of {@link readLayers}. */
export interface ReadLayersOptions {
  readonly cwd: string;
  /** Relative to `cwd`. Default: the nearest `chaos.yaml`, in `cwd` or above it, unless a `folder` is given. */
  readonly configFile?: string | undefined;
  /** Folder of the configuration, with or without a `chaos.yaml`. */
  readonly folder?: string | undefined;
  /** `--environment`. */
  readonly environment?: string | undefined;
  /** Environment variables, of which `CHAOS_*` are read. */
  readonly env: NodeJS.ProcessEnv;
  readonly overrides: CliOverrides;
  /** True in a CI run. */
  readonly ci: boolean;
  /** Export of `chaos.config.ts`; overrides `chaos.yaml`. */
  readonly configModule?: ConfigModule | undefined;
}

/**
 * Everything that a configuration is resolved from, apart from the machine: plain data, which survives JSON. It can be
 * resolved again with other overrides, or sent to another machine, which resolves it for itself. It holds the secrets
 * of the files.
 */
export interface ConfigLayers {
  readonly format: 1;
  readonly cwd: string;
  /** Folder of the configuration, relative to `cwd` like all paths here. */
  readonly root: string;
  /** The files as they were read, the strongest first. */
  readonly files: readonly YamlText[];
  /** `chaos.config.ts`: its settings in the words of the schema. */
  readonly module?: { readonly file: string; readonly settings: unknown };
  /** `--environment`. */
  readonly environment?: string;
  /** `CHAOS_*`, those that are read. */
  readonly variables: Readonly<Record<string, string>>;
  readonly overrides: CliOverrides;
  readonly ci: boolean;
}

/**
 * Reads all sources of a configuration: `chaos.yaml` (the given one, else the nearest, unless a folder without one is
 * given) and `chaos.tuned.yaml` beside it. Checks nothing.
 *
 * @throws EnvironmentError where the machine has no means to read a file
 */
export async function readLayers(options: ReadLayersOptions): Promise<ConfigLayers> {
  const { cwd, configFile, folder, environment, env, overrides, ci, configModule } = options;
  const file =
    configFile !== undefined ? resolve(cwd, configFile) : folder === undefined ? findConfigFile(cwd) : undefined;
  const rootDir = file === undefined ? resolve(folder ?? cwd) : dirname(file);
  const tuned = join(rootDir, 'chaos.tuned.yaml');
  assertOwnFile(tuned, rootDir, { does: 'may name code to run' });
  const files = await Promise.all([
    file === undefined ? undefined : readYamlText('chaos.yaml', file, cwd, true),
    readYamlText('chaos.tuned.yaml', tuned, cwd, false),
  ]);
  return {
    format: 1,
    cwd,
    root: relative(cwd, rootDir),
    files: files.filter((each) => each !== undefined),
    ...(configModule && { module: moduleOf(configModule, cwd) }),
    ...(environment !== undefined && { environment }),
    variables: Object.fromEntries(
      VARIABLES.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const])),
    ),
    overrides,
    ci,
  };
}

function moduleOf({ file, value }: ConfigModule, cwd: string): ConfigLayers['module'] & object {
  return { file: relative(cwd, file), settings: isMap(value) ? fromTestConfig(value) : value };
}
