import type { Command } from 'commander';
import type { ExitCode } from '@chaos/spec';
import type { AgentFlags } from '../commands/fleet/agent.js';
import type { CliContext } from '../context.js';
import { configured } from './configured.js';

/** Adds `chaos agent`: a machine of a fleet. */
export function addFleet(program: Command, context: CliContext, onExit: (code: ExitCode) => void): void {
  configured(program.command('agent'))
    .description('run tests of `chaos run --fleet` on this machine, in this checkout (needs @chaos/fleet)')
    .option('--fleet <url>', 'redis://…, rediss://… or postgres://…; default: CHAOS_FLEET')
    .option('--name <name>', 'as reports name it; default: host and process')
    .option('--labels <list>', 'what tests may ask for, such as zone=a,gpu=no')
    .option('--slots <n>', 'tests at a time', '1')
    .option('--once', 'end with the first run that it takes part in')
    .option('--attached', 'end when standard input ends: with the process that started it')
    .action(async (flags: AgentFlags) =>
      onExit(await (await import('../commands/fleet/agent.js')).agent(flags, context)),
    );
}

/** Adds the flags of a run over many machines. */
export function overFleet(command: Command): Command {
  return command
    .option('--fleet <where>', 'run on agents: local, local:postgres, redis://… or postgres://… (needs @chaos/fleet)')
    .option('--agents <n>', 'with --fleet local: so many processes')
    .option('--slots <n>', 'with --fleet local: tests at a time of each of them')
    .option('--lease <seconds>', 'give the tests of a silent agent to others after this time')
    .option('--agent-timeout <seconds>', 'how long to wait for an agent that can run what is left')
    .option('--resume <run>', 'continue a run of the fleet whose command was lost');
}
