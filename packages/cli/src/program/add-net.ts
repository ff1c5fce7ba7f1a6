import type { Command } from 'commander';
import type { ExitCode } from '@chaos/spec';
import { faultFlags, type NetFaultFlags } from '../commands/net/flags.js';
import type { CliContext } from '../context.js';

/** Adds `chaos net`: packet faults for any program. */
export function addNet(program: Command, context: CliContext, onExit: (code: ExitCode) => void): void {
  const net = program.command('net').description('break the network of any program, by packets (Linux)');

  faultFlags(net.command('run'))
    .description(
      'run a command with a broken network; without --device in a network namespace of its own, no root needed',
    )
    .argument('<command...>', 'after --, with its arguments')
    .option('--device <name>', 'break this device of the machine instead (as root): lo, eth0')
    .action(async (command: string[], flags: NetFaultFlags) =>
      onExit(await (await import('../commands/net/run.js')).netRun(command, flags, context)),
    );

  faultFlags(net.command('up'))
    .description('break a device until `chaos net down` (as root)')
    .requiredOption('--device <name>', 'which device: lo, eth0')
    .option('--for <time>', 'let the kernel end it after this time: 30s')
    .action(async (flags: NetFaultFlags & { device: string; for?: string }) =>
      onExit(await (await import('../commands/net/up.js')).netUp(flags, context)),
    );

  net
    .command('show')
    .description('show the faults that are on a device, as the kernel tells them')
    .option('--device <name>', 'which device; default: those that `chaos net up` broke')
    .option('--json', 'as JSON')
    .action(async (flags: { device?: string; json?: boolean }) =>
      onExit(await (await import('../commands/net/show.js')).netShow(flags, context)),
    );

  net
    .command('down')
    .description('make devices whole again')
    .option('--device <name>', 'which device; default: all that `chaos net up` broke')
    .action(async (flags: { device?: string }) =>
      onExit(await (await import('../commands/net/down.js')).netDown(flags, context)),
    );
}
