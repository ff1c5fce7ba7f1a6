import { ExitCode } from '@chaos/spec';
import type { CliContext } from '../context.js';
import type { ConfigFlags } from '../flags.js';
import { resolveSettings } from '../settings/resolve-settings.js';
import { print } from '../output/print.js';
import { printJson } from '../output/print-json.js';
import { settingsTable } from '../output/settings-table.js';

// Width of a line if the terminal does not report one.
const MOST_COLUMNS = 120;

/** `chaos config`. */
export async function config(flags: ConfigFlags & { readonly json?: boolean }, context: CliContext): Promise<ExitCode> {
  const { resolvedAsJson } = await import('@chaos/config');
  const settings = resolvedAsJson(await resolveSettings(flags, {}, context));
  const rows = Object.entries(settings).map(([path, { value, source }]): [string, string, string] => [
    path,
    value === null ? '-' : JSON.stringify(value),
    source,
  ]);
  const { columns = MOST_COLUMNS } = context.stdout;
  if (flags.json === true) printJson(context, settings);
  else print(context, settingsTable(rows, columns));
  return ExitCode.passed;
}
