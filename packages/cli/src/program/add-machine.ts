import type { Command } from 'commander';
import type { ExitCode } from '@chaos/spec';
import type { CliContext } from '../context.js';
import type { ConfigFlags } from '../flags.js';
import { configured } from './configured.js';

/** Adds the commands about this machine and its stored data: `chaos env`, `config`, `heal`, `clear-cache`. */
export function addMachine(program: Command, context: CliContext, onExit: (code: ExitCode) => void): void {
  configured(program.command('env'))
    .description('show what this machine is, and what it can')
    .option('--json', 'as JSON')
    .option('--calibrate', 'measure its speed, too (150 ms)')
    .action(async (flags: ConfigFlags & { json?: boolean; calibrate?: boolean }) =>
      onExit(await (await import('../commands/env.js')).env(flags, context)),
    );

  configured(program.command('config'))
    .description('show each setting in force, and where it comes from')
    .option('--json', 'as JSON')
    .action(async (flags: ConfigFlags & { json?: boolean }) =>
      onExit(await (await import('../commands/config.js')).config(flags, context)),
    );

  program
    .command('heal')
    .description('undo what killed runs have left behind')
    .option('--json', 'as JSON')
    .option('--discard', 'forget what cannot be undone')
    .action(async (flags: { json?: boolean; discard?: boolean }) =>
      onExit(await (await import('../commands/heal.js')).heal(flags, context)),
    );

  program
    .command('clear-cache')
    .description('remove the transformed code of test files that is kept between runs, of all projects')
    .option('--json', 'as JSON')
    .action(async (flags: { json?: boolean }) =>
      onExit(await (await import('../commands/clear-cache.js')).clearCache(flags, context)),
    );
}
