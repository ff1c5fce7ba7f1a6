import { existsSync, lstatSync } from 'node:fs';
import { join } from 'node:path';
import { assertOwnFile, type ConfigModule } from '@chaos/config';
import { UsageError } from '@chaos/spec';

const NAMES = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs'].map((extension) => `chaos.config.${extension}`);

/** Loads the requested `chaos.config.ts`, or the one in the folder of `chaos.yaml`, if any. */
export async function findConfigModule(
  folder: string,
  asked: string | undefined,
  tsconfig: string | undefined,
): Promise<ConfigModule | undefined> {
  const file =
    asked ??
    NAMES.map((name) => join(folder, name)).find(
      (path) => existsSync(path) || lstatSync(path, { throwIfNoEntry: false }) !== undefined,
    );
  if (file === undefined) return undefined;
  if (asked === undefined) assertOwnFile(file, folder, { does: 'is code to run', flag: '--config' });
  if (!existsSync(file)) throw new UsageError(`Cannot read the configuration: ${file} does not exist`);
  // Not imported from '@chaos/runner': the module's own tests and fixtures belong to the installed copy of it, while
  // this code is bundled into the command.
  const { loadInTime, useTsconfig } = await import('@chaos/runner/run');
  useTsconfig(tsconfig);
  try {
    return { file, value: (await loadInTime(file))['default'] };
  } catch (cause) {
    throw new UsageError(`Cannot load ${file}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
