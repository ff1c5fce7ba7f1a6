import { abortWithin, orAbort, type Journal } from '@chaos/spec';
import { spawnService, type ServiceProcess } from '../process/spawn-service.js';

/** Where the commands of the target's project run: as the target does. */
export interface CommandPlace {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Command prefix: it changes the environment of the program and then execs it. */
  readonly wrap: readonly string[];
  readonly journal: Journal;
}

/** The end of a command. */
export interface CommandEnd {
  /** As a clause, such as `it exited with code 3`; absent where it exited with 0. */
  readonly failure: string | undefined;
  /** Its exit code, where it ended by itself. */
  readonly code: number | undefined;
  /** It was killed, at its time or when the signal aborted. */
  readonly isCutShort: boolean;
  /** The last lines of both its outputs, in the order in which they came. */
  readonly output: string;
}

/**
 * Runs a command to its end, or ours. One that does not exit with 0 within `timeoutMs`, and before the signal aborts, is
 * killed with everything that it started; what a successful one left running, such as a daemon, stays. Never rejects.
 */
export async function runInPlace(
  command: readonly string[],
  { env, cwd, wrap, journal }: CommandPlace,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<CommandEnd> {
  try {
    const argv = [...wrap, ...command] as [string, ...string[]];
    const deathSignal = 'SIGKILL';
    const what = command[0] ?? '';
    const running = await spawnService({ argv, env, cwd, journal, what, log: () => {}, signal, deathSignal });
    return await endOf(running, timeoutMs, signal);
  } catch (error) {
    return {
      failure: error instanceof Error ? error.message : String(error),
      code: undefined,
      isCutShort: false,
      output: '',
    };
  }
}

async function endOf(running: ServiceProcess, timeoutMs: number, signal: AbortSignal): Promise<CommandEnd> {
  using within = abortWithin(signal, timeoutMs);
  const exit = await orAbort(within, () => running.exited).catch(() => undefined);
  const output = running.logTail().trimEnd();
  if (exit?.code === 0) {
    running.leave();
    return { failure: undefined, code: 0, isCutShort: false, output };
  }
  await running.killTree();
  if (exit === undefined)
    return { failure: `it had not ended after ${timeoutMs} ms`, code: undefined, isCutShort: true, output };
  const how = exit.code === null ? `it was ended by ${exit.signal}` : `it exited with code ${exit.code}`;
  return { failure: how, code: exit.code ?? undefined, isCutShort: false, output };
}
