import { dirname, resolve } from 'node:path';
import type { ResolvedConfig } from '@chaos/spec';
import type { CliOverrides } from '@chaos/config';
import { findConfigModule } from './find-config-module.js';
import type { CliContext } from './context.js';
import type { ConfigFlags } from './flags.js';

/** The configuration in force for a command line. Throws UsageError with everything that is wrong in it. */
export async function resolveSettings(flags: ConfigFlags, overrides: CliOverrides, { cwd, env }: CliContext): Promise<ResolvedConfig> {
  const [{ findConfigFile, resolveConfig }, { detectCi, detectLimits }] = await Promise.all([import('@chaos/config'), import('@chaos/env')]);
  const configFile = flags.config === undefined ? findConfigFile(cwd) : resolve(cwd, flags.config);
  const [{ isCi }, configModule] = await Promise.all([detectCi(), findConfigModule(configFile === undefined ? cwd : dirname(configFile))]);
  return resolveConfig({ cwd, env, overrides, hardware: detectLimits(), ci: isCi, configFile, configModule, environment: flags.environment });
}
