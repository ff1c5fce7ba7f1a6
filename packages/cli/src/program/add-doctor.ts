import type { Command } from 'commander';
import type { ExitCode } from '@chaos/spec';
import type { CliContext } from '../context.js';
import type { ConfigFlags } from '../flags.js';
import { configured } from './configured.js';

/** Adds `chaos doctor`. */
export function addDoctor(program: Command, context: CliContext, onExit: (code: ExitCode) => void): void {
  configured(program.command('doctor'))
    .description('check that a run would find what it needs')
    .option('--json', 'as JSON')
    .action(async (flags: ConfigFlags & { json?: boolean }) =>
      onExit(await (await import('../commands/doctor.js')).doctor(flags, context)),
    );
}
