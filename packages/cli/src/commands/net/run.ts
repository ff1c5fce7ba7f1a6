import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { ExitCode, UsageError } from '@chaos/spec';
import type { CliContext } from '../../context.js';
import { asUsage, faultsOf } from './faults-of.js';
import type { NetFaultFlags } from './flags.js';

/**
 * `chaos net run`: runs a command with a broken network. Without `--device` the command gets its own network namespace,
 * in which it reaches only what it starts itself. Returns the exit code of the command.
 */
export async function netRun(command: readonly string[], flags: NetFaultFlags, context: CliContext): Promise<ExitCode> {
  const [program, ...words] = command;
  if (program === undefined)
    throw new UsageError('Cannot run under a broken network: no command is given', {
      hint: 'chaos net run --delay 100ms -- npm test',
    });
  const { apply, commandThrough, createNamespace, formatPlan, guardJournal, local, plan, probeCapabilities } =
    await import('@chaos/net-tc');
  const device = flags.device ?? 'lo';
  const faults = await faultsOf(flags, device);
  const planned = await (async () =>
    plan({ device, faults }, flags.dryRun === true ? undefined : await probeCapabilities()))().catch(
    (error: unknown) => {
      throw asUsage(error);
    },
  );
  if (flags.dryRun === true) {
    context.stdout.write(formatPlan(planned));
    return ExitCode.passed;
  }
  for (const note of planned.notes) context.stderr.write(`note: ${note}\n`);
  await using namespace = flags.device === undefined ? await createNamespace() : undefined;
  if (namespace)
    context.stderr.write(
      'note: in a network namespace of its own: only what the command starts itself can be reached; --device <name> breaks a device of this machine instead\n',
    );
  const executor = namespace?.executor ?? local;
  const warn = (): void =>
    void context.stderr.write(
      'warning: the faults were out of force for a while: this machine was too busy to renew them\n',
    );
  await using _active = await apply(planned, {
    executor,
    onLapse: warn,
    ...(namespace ? {} : { journal: guardJournal() }),
  });
  return (await inForeground(commandThrough(executor, [program, ...words]), context)) as ExitCode;
}

// The terminal sends Ctrl-C to the command itself, which then decides; other signals are forwarded.
async function inForeground(
  [program, ...words]: readonly [string, ...string[]],
  { cwd, env }: CliContext,
): Promise<number> {
  const child = spawn(program, words, { cwd, env, stdio: 'inherit' });
  const ignore = (): void => {};
  const handOn = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on('SIGINT', ignore).on('SIGTERM', handOn).on('SIGHUP', handOn);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', (error) => reject(new UsageError(`Cannot run ${program}: ${error.message}`)));
      child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
    });
  } finally {
    process.off('SIGINT', ignore).off('SIGTERM', handOn).off('SIGHUP', handOn);
  }
}
