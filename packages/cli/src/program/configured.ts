import type { Command } from 'commander';

/** Adds the flags that select the configuration. */
export function configured(command: Command): Command {
  return command
    .option('-c, --config <file>', 'chaos.yaml or chaos.config.ts to use')
    .option('--environment <name>', 'which environment of it');
}
