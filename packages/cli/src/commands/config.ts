import { ExitCode } from '@chaos/spec';
import type { CliContext } from '../context.js';
import type { ConfigFlags } from '../flags.js';
import { resolveSettings } from '../resolve-settings.js';
import { print } from '../print.js';
import { table } from '../table.js';

/** `chaos config`. */
export async function config(flags: ConfigFlags & { readonly json?: boolean }, context: CliContext): Promise<ExitCode> {
  const { resolvedAsJson } = await import('@chaos/config');
  const settings = resolvedAsJson(await resolveSettings(flags, {}, context));
  const rows = Object.entries(settings).map(([path, { value, source }]) => [
    path,
    value === null ? '-' : JSON.stringify(value),
    source,
  ]);
  print(context, flags.json === true ? `${JSON.stringify(settings, undefined, 2)}\n` : table(rows));
  return ExitCode.passed;
}
