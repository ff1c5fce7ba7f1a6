import type { Command } from 'commander';

/** Gives a command the flags that say which configuration is used. */
export function configured(command: Command): Command {
  return command
    .option('-c, --config <file>', 'chaos.yaml or chaos.config.ts to use')
    .option('--environment <name>', 'which environment of it');
}
