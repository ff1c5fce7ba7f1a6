import { EnvironmentError } from '@chaos/spec';

/** Limits on open descriptors of a process. */
export interface DescriptorLimits {
  readonly soft: number;
  readonly hard: number;
}

/** Reads the limits of a process with util-linux's `prlimit`; throws `EnvironmentError` if that fails. */
export async function readLimits(pid: number, signal: AbortSignal): Promise<DescriptorLimits> {
  const output = await prlimit(
    ['--pid', String(pid), '--nofile', '--raw', '--noheadings', '--output', 'SOFT,HARD'],
    signal,
  );
  const [soft, hard] = output
    .trim()
    .split(/\s+/)
    .map((value) => (value === 'unlimited' ? Infinity : Number(value)));
  return { soft: soft ?? 0, hard: hard ?? 0 };
}

/** argv that sets the soft limit alone, so that no privileges are needed to raise it again. */
export function softLimitCommand(pid: number, soft: number): readonly [string, ...string[]] {
  return ['prlimit', '--pid', String(pid), `--nofile=${soft === Infinity ? 'unlimited' : soft}:`];
}

/** Sets the soft limit. */
export async function setSoftLimit(pid: number, soft: number, signal: AbortSignal): Promise<void> {
  await prlimit(softLimitCommand(pid, soft).slice(1), signal);
}

async function prlimit(args: readonly string[], signal: AbortSignal): Promise<string> {
  const { execa } = await import('execa');
  const result = await execa('prlimit', args, { cancelSignal: signal, reject: false });
  signal.throwIfAborted();
  if (!result.failed) return result.stdout;
  const reason = result.stderr || result.originalMessage;
  throw new EnvironmentError(`Cannot limit descriptors: prlimit ${args.join(' ')} failed (${reason})`, {
    hint: 'It needs util-linux and a process of the same user.',
    cause: result.cause,
  });
}
