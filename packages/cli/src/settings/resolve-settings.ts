import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { markSecretNames, markSecretsIn, markSecretsOfShell, UsageError, type ResolvedConfig } from '@chaos/spec';
import { resolveConfig, type CliOverrides } from '@chaos/config';
import { SHIPPED } from '@chaos/services/descriptions';
import { detectCi, detectLimits } from '@chaos/env';
import { configFiles } from './config-files.js';
import { findConfigModule } from './find-config-module.js';
import { loadDefinition } from './load-definition.js';
import type { CliContext } from '../context.js';
import type { ConfigFlags } from '../flags.js';
import { tell } from '../output/tell.js';
import { unknownVariables } from './unknown-variables.js';

/** Resolves the configuration for a command line. Throws UsageError that lists every problem in it. */
export async function resolveSettings(
  flags: ConfigFlags,
  overrides: CliOverrides,
  context: CliContext,
): Promise<ResolvedConfig> {
  const { cwd, env } = context;
  const { configFile, moduleFile, folder } = configFiles(flags, cwd);
  const tsconfig = overrides.tsconfig === undefined ? undefined : resolve(cwd, overrides.tsconfig);
  const [{ isCi }, configModule] = await Promise.all([detectCi(), findConfigModule(folder, moduleFile, tsconfig)]);
  for (const line of unknownVariables(env)) tell(context, `warning: ${line}`);
  const config = await resolveConfig({
    cwd,
    env,
    overrides,
    hardware: detectLimits(),
    ci: isCi,
    configFile,
    folder,
    configModule,
    environment: flags.environment,
    services: SHIPPED,
    loadDefinition: (file) => loadDefinition(file, tsconfig),
  });
  // From here on, secrets are masked in everything that this process prints or writes.
  markSecretNames(config.secret);
  markSecretsIn([config.services, config.target, config.targets, config.metadata]);
  // Again: the configuration may have set variables, and named more of them.
  markSecretsOfShell(env);
  const { tsconfig: chosen } = config.runner;
  if (chosen !== undefined && !existsSync(chosen))
    throw new UsageError(
      `Cannot use the tsconfig ${chosen}: there is no such file (${config.provenance['runner.tsconfig']?.source})`,
    );
  return config;
}
