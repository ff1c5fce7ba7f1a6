import type { Command } from 'commander';
import type { ExitCode } from '@chaos/spec';
import type { ProxyFlags } from '../commands/proxy.js';
import type { CliContext } from '../context.js';
import { collect } from './collect.js';

/** Adds `chaos proxy`: byte stream faults for any program. */
export function addProxy(program: Command, context: CliContext, onExit: (code: ExitCode) => void): void {
  program
    .command('proxy')
    .description('serve fault proxies, steered over the HTTP API of Toxiproxy')
    .option('--host <host>', 'where the API listens', '127.0.0.1')
    .option('--port <port>', 'where the API listens, 0 for any free port', '8474')
    .option('--config <file>', "proxies to begin with: Toxiproxy's JSON, toxics too")
    .option('--seed <text>', 'repeat the random choices of the run that printed it')
    .option(
      '--allow-host <name>',
      'a name under which clients may call the API, besides localhost; several times',
      collect,
    )
    .option('--proxy-metrics', 'serve the bytes of the proxies at /metrics')
    .option('--runtime-metrics', 'serve the figures of this process at /metrics')
    .action(async (flags: ProxyFlags) => onExit(await (await import('../commands/proxy.js')).proxy(flags, context)));
}
