import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { CommanderError } from 'commander';
import { ExitCode, nearest, UsageError } from '@chaos/spec';
import type { CliContext } from './context.js';
import { createProgram } from './program.js';

/** Parses a command line and runs its command. */
export async function parse(argv: readonly string[], context: CliContext): Promise<ExitCode> {
  let code: ExitCode = ExitCode.passed;
  const program = createProgram(context, (result) => {
    code = result;
  });
  const names = program.commands.flatMap((command) => [command.name(), ...command.aliases()]);
  refuseMistypedCommand(argv, [...names, 'help'], context);
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? ExitCode.passed : ExitCode.usage;
  }
}

// Words without a command are filters, so `chaos docter` would look for tests of that name.
function refuseMistypedCommand([word]: readonly string[], names: readonly string[], { cwd }: CliContext): void {
  if (
    word === undefined ||
    !/^[a-z-]+$/i.test(word) ||
    word.startsWith('-') ||
    names.includes(word) ||
    existsSync(resolve(cwd, word))
  )
    return;
  const meant = nearest(word, names);
  if (meant !== undefined)
    throw new UsageError(`Unknown command ${JSON.stringify(word)}: did you mean ${meant}?`, {
      hint: `To run the tests with that name: chaos run ${word}`,
    });
}
