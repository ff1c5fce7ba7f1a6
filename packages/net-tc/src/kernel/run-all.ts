import type { Executor } from '../executors/executor.js';
import type { Command } from '../plan/commands/command.js';
import { explain, runCommand, tryCommand } from './run-command.js';

/**
 * Runs commands in their order up to the first that fails. Those of tc that follow each other are one process: what
 * counts over ssh, and where starting one is slow. No word of a plan has a space or a quote in it, so a line of a batch
 * is a vector too.
 */
export async function runAll(executor: Executor, commands: readonly Command[], signal: AbortSignal): Promise<void> {
  for (let at = 0; at < commands.length;) {
    let end = at;
    while (isBatchable(commands[end])) end++;
    const batch = commands.slice(at, end);
    if (batch.length > 1) await runBatch(executor, batch, signal);
    else await runCommand(executor, commands[at] as Command, signal);
    at = Math.max(end, at + 1);
  }
}

function isBatchable(command: Command | undefined): boolean {
  return (
    command !== undefined &&
    command.argv[0] === 'tc' &&
    command.stdin === undefined &&
    command.argv.every((word) => /^[\w@%+:,./-]+$/.test(word))
  );
}

async function runBatch(executor: Executor, batch: readonly Command[], signal: AbortSignal): Promise<void> {
  const result = await tryCommand(
    executor,
    { argv: ['tc', '-batch', '-'], stdin: batch.map(({ argv }) => `${argv.slice(1).join(' ')}\n`).join('') },
    signal,
  );
  if (result.ok) return;
  const line = Number(/Command failed -:(\d+)/.exec(result.stderr)?.[1] ?? 1);
  throw explain(executor, batch[line - 1] ?? (batch[0] as Command), result);
}
