import { printableJson } from '@chaos/spec';
import type { CliContext } from '../context.js';
import { print } from './print.js';

/** Writes a result of `--json` to standard output, without secrets and safe for a terminal. */
export function printJson(context: Pick<CliContext, 'stdout'>, value: unknown): void {
  print(context, `${printableJson(JSON.stringify(value, undefined, 2))}\n`);
}
