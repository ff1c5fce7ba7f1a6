import { asMachineError, ExitCode, isChaosError, printable, redact } from '@chaos/spec';
import type { CliContext } from './context.js';

/** Prints an error the way its kind deserves, and says which exit code it means. */
export function reportError(caught: unknown, { stderr }: CliContext): ExitCode {
  const error = asMachineError(caught);
  if (!isChaosError(error)) {
    // Several in one are errors of test files, each with its place: where we found them helps nobody.
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
