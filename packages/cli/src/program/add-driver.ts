import type { Command } from 'commander';
import type { ExitCode } from '@chaos/spec';
import type { CliContext } from '../context.js';
import { configured } from './configured.js';

/** Adds the commands for a new project: `chaos init` and `chaos driver check`. */
export function addDriver(program: Command, context: CliContext, onExit: (code: ExitCode) => void): void {
  program
    .command('init')
    .description('look at the program in this folder, and write a configuration, a driver and tests for it')
    .option('-y, --yes', 'ask nothing')
    .action(async (flags: { yes?: boolean }) =>
      onExit(await (await import('../commands/init.js')).init(flags, context)),
    );

  configured(program.command('driver').description('the driver of the target').command('check'))
    .description('start the target, and call each operation of its driver once')
    .option('--variant <name>', 'start the target as this variant of it')
    .option('--json', 'JSON alone on standard output')
    .action(async (flags: { variant?: string; json?: boolean }) =>
      onExit(await (await import('../commands/driver-check.js')).driverCheck(flags, context)),
    );
}
