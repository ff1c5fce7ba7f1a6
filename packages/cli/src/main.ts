import { EnvironmentError, ExitCode, markSecretsOfShell } from '@chaos/spec';
import type { CliContext } from './context.js';
import { reportError } from './output/report-error.js';
import { version } from './version.js';

const GONE = '';

/**
 * The `chaos` command as a function.
 *
 * @param argv words after `chaos` on the command line
 * @param process process context; default: this process
 * @returns the exit code; errors are printed, never thrown
 */
export async function main(
  argv: readonly string[],
  process: Pick<NodeJS.Process, 'env' | 'cwd' | 'stdout' | 'stderr'> = globalThis.process,
): Promise<ExitCode> {
  const context: CliContext = {
    cwd: currentFolder(process),
    argv,
    env: process.env,
    stdout: process.stdout,
    stderr: process.stderr,
  };
  try {
    if (context.cwd === GONE)
      throw new EnvironmentError('Cannot run: the current folder does not exist any more', {
        hint: 'Go to another one with cd.',
      });
    // Skip the parser: it would take most of the time of this command.
    if (argv.length === 1 && ['--version', '-V', '-v'].includes(argv[0]!)) {
      context.stdout.write(`${version()}\n`);
      return ExitCode.passed;
    }
    markSecretsOfShell(context.env);
    const { parse } = await import('./parse.js');
    return await parse(argv, context);
  } catch (error) {
    return reportError(error, context);
  }
}

// Somebody may have removed it since the shell went there. Its path is gone, too, and `node` starts nothing there.
function currentFolder({ cwd }: Pick<NodeJS.Process, 'cwd'>): string {
  try {
    return cwd();
  } catch {
    return GONE;
  }
}
