import { printable, redact } from '@chaos/spec';
import type { CliContext } from '../context.js';

/** Writes a message to standard error, on a line of its own, without secrets and safe for a terminal. */
export function tell({ stderr }: Pick<CliContext, 'stderr'>, message: string): void {
  stderr.write(`${printable(redact(message))}\n`);
}
