import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ConfigModule } from '@chaos/config';
import { UsageError } from '@chaos/spec';

const NAMES = ['chaos.config.ts', 'chaos.config.mts', 'chaos.config.js', 'chaos.config.mjs'] as const;

/** Loads `chaos.config.ts` from the folder of `chaos.yaml`, where there is one. */
export async function findConfigModule(folder: string): Promise<ConfigModule | undefined> {
  const file = NAMES.map((name) => join(folder, name)).find((path) => existsSync(path));
  if (file === undefined) return undefined;
  const { loadModule } = await import('@chaos/runner');
  try {
    return { file, value: (await loadModule(file))['default'] };
  } catch (cause) {
    throw new UsageError(`Cannot load ${file}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
