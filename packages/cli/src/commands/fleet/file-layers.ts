import { readLayers } from '@chaos/config';
import type { CliContext } from '../../context.js';
import type { ConfigFlags } from '../../flags.js';
import { configFiles } from '../../settings/config-files.js';
import { findConfigModule } from '../../settings/find-config-module.js';

/** Texts of the layers of the configuration that are read from files, by their name. They hold secrets. */
export async function fileLayers(
  flags: ConfigFlags,
  { cwd }: Pick<CliContext, 'cwd'>,
): Promise<Readonly<Record<string, string>>> {
  const { configFile, moduleFile, folder } = configFiles(flags, cwd);
  const configModule = await findConfigModule(folder, moduleFile, undefined);
  const layers = await readLayers({ cwd, env: {}, overrides: {}, ci: false, configFile, folder, configModule });
  return Object.fromEntries([
    ...layers.files.map(({ name, text }) => [name, text] as const),
    ...(layers.module ? [['chaos.config', JSON.stringify(layers.module.settings)] as const] : []),
  ]);
}
