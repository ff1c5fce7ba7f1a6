import { redact } from '@chaos/spec';
import type { CliContext } from '../context.js';

/** Writes a result to standard output and masks secrets. */
export function print({ stdout }: Pick<CliContext, 'stdout'>, text: string): void {
  stdout.write(redact(text));
}
