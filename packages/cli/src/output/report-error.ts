import { asMachineError, ExitCode, isChaosError, printable, redact } from '@chaos/spec';
import type { CliContext } from '../context.js';

/** Prints an error in the format of its kind, and returns the exit code. */
export function reportError(caught: unknown, { stderr }: CliContext): ExitCode {
  const error = asMachineError(caught);
  if (!isChaosError(error)) {
    // Several errors in one come from test files; each has its own position, and our stack would not help.
    const text =
      error instanceof AggregateError
        ? error.message
        : error instanceof Error
          ? (error.stack ?? error.message)
          : String(error);
    stderr.write(`error: ${printable(redact(text))}\n`);
    return ExitCode.failed;
  }
  stderr.write(`error: ${printable(redact(error.message))}\n`);
  if (error.hint !== undefined) stderr.write(`hint: ${printable(redact(error.hint))}\n`);
  if (error.code === 'USAGE') return ExitCode.usage;
  const { exitCode } = error as { exitCode?: unknown };
  return exitCode === ExitCode.interrupted || exitCode === ExitCode.terminated ? exitCode : ExitCode.environment;
}
