import { missingProgram, packageOf } from '@chaos/env';
import { CapabilityMissing, ChaosError, EnvironmentError } from '@chaos/spec';
import { commandThrough, environmentOf, type Executor } from '../executors/executor.js';
import { formatCommands, type Command } from '../plan/commands/command.js';

/** Result of a command that has ended. */
export interface CommandResult {
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
  /** A program is not installed: the command's, or one of those through which it is run. */
  readonly notFound: boolean;
  /** Its name, as far as it is known. */
  readonly missing: string | undefined;
}

/** Over ssh to a busy host a command takes its time. */
const TIMEOUT_MS = 20_000;

/** Runs a command and says how it went; rejects only when `signal` aborts. */
export async function tryCommand(
  executor: Executor,
  { argv, stdin }: Command,
  signal: AbortSignal,
): Promise<CommandResult> {
  signal.throwIfAborted();
  const { execa } = await import('execa');
  const [program, ...words] = commandThrough(executor, argv);
  const result = await execa(program, words, {
    env: { ...environmentOf(executor) },
    ...(stdin === undefined ? { stdin: 'ignore' } : { input: stdin }),
    reject: false,
    timeout: TIMEOUT_MS,
    killSignal: 'SIGKILL',
    cancelSignal: signal,
  });
  signal.throwIfAborted();
  const stderr =
    result.stderr === '' && result.failed
      ? result.originalMessage || result.shortMessage?.split('\n')[0] || ''
      : result.stderr;
  const missing = result.code === 'ENOENT' ? program : result.failed ? missingProgram(stderr) : undefined;
  return {
    ok: !result.failed,
    stdout: result.stdout,
    stderr,
    notFound: missing !== undefined || result.exitCode === 127,
    missing,
  };
}

/** Runs a command and returns its result. @throws ChaosError that explains the failure */
export async function runCommand(executor: Executor, command: Command, signal: AbortSignal): Promise<string> {
  const result = await tryCommand(executor, command, signal);
  if (result.ok) return result.stdout;
  throw explain(executor, command, result);
}

/** Translates a failed command into a ChaosError with a hint. */
export function explain(
  executor: Executor,
  command: Command,
  { stderr, notFound, missing }: CommandResult,
): ChaosError {
  const [program] = command.argv;
  const text = stderr
    .trim()
    .split('\n')
    .filter((said) => !said.startsWith('Command failed '))
    .slice(0, 3)
    .join('; ');
  const line = formatCommands([{ argv: command.argv }]);
  const data = { argv: command.argv, where: executor.name, stderr };
  if (missing !== undefined)
    return new CapabilityMissing(missing, 'it is not installed', {
      hint: `apt-get install ${packageOf(missing)}`,
      data,
    });
  if (notFound)
    return new CapabilityMissing(program, `${line} ended with 127: it, or a program that runs it, was not found`, {
      hint: `Look ${executor.name} for ${program} (apt-get install ${packageOf(program)}).`,
      data,
    });
  if (/qdisc kind is unknown|qdisc not found|Unknown device type|Unknown qdisc/i.test(stderr)) {
    const kind =
      ['netem', 'htb', 'tbf', 'pfifo', 'ingress', 'ifb'].find((one) => command.argv.includes(one)) ?? program;
    return new CapabilityMissing(kind, `the kernel ${executor.name} has no ${kind} (${text})`, {
      hint: `modprobe ${kind === 'ifb' ? 'ifb' : `sch_${kind}`}, or a kernel that has it (Debian: linux-image-amd64, Ubuntu: linux-modules-extra-$(uname -r)).`,
      data,
    });
  }
  if (/not permitted|must be root/i.test(stderr))
    return new CapabilityMissing('net-admin', `${line}: ${text}`, {
      hint: 'Run as root, or in a namespace of your own (chaos net run; createNamespace()).',
      data,
    });
  if (/cannot mix duplicating netems/i.test(stderr))
    return new ChaosError(
      'FAULT_CONFLICT',
      `Cannot apply duplicate: this kernel lets a netem that duplicates be only the one on its device (${text})`,
      { hint: 'Heal the other netem faults of this device before.', data },
    );
  if (/Cannot find device|No such device/i.test(stderr))
    return new EnvironmentError(`Cannot find the device ${executor.name}: ${text}`, {
      hint: 'ip -brief link lists them.',
      data,
    });
  return new ChaosError('TC_FAILED', `Cannot change the network ${executor.name}: ${line}: ${text}`, { data });
}
