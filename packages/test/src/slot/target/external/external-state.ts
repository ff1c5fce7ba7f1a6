import { connect } from 'node:net';
import { identityOf } from '@chaos/env/process';
import type { ExternalTarget } from '@chaos/spec';
import { endpointOf } from '../../endpoint.js';
import { commandOf } from './external-place.js';
import { runThere } from './run-there.js';

/** An external program as it is found. */
export interface ExternalState {
  readonly alive: boolean;
  /** Something that changes with each start of it, where it is known. */
  readonly start: string | undefined;
  /** Exit code of a container that has ended. */
  readonly code: number | undefined;
  /** Its process as this machine counts, where it is here. */
  readonly pid: number | undefined;
}

const PORTS = { 'http:': 80, 'https:': 443 };

/**
 * Looks whether an external program runs: by its container, its process, or else by whether it can be reached.
 *
 * @throws EnvironmentError where its place does not answer
 */
export async function stateOf(external: ExternalTarget, signal: AbortSignal): Promise<ExternalState> {
  const { pid, container, host, pod } = external;
  const nothing = { start: undefined, code: undefined, pid: undefined };
  if (container !== undefined) return containerState(external, signal);
  if (pid === undefined) return { ...nothing, alive: await isReachable(external.url, signal) };
  if (host !== undefined || pod !== undefined) return { ...nothing, alive: await runsThere(external, signal) };
  const identity = identityOf(pid);
  return { ...nothing, alive: identity !== undefined, start: identity && String(identity.startTime), pid };
}

async function containerState(external: ExternalTarget, signal: AbortSignal): Promise<ExternalState> {
  const said = await runThere(external, commandOf(external, 'look') ?? ['false'], signal);
  const { Running, StartedAt, ExitCode, Pid } = JSON.parse(said) as Readonly<Record<string, unknown>>;
  const alive = Running === true;
  return {
    alive,
    start: typeof StartedAt === 'string' ? StartedAt : undefined,
    code: !alive && typeof ExitCode === 'number' ? ExitCode : undefined,
    pid: alive && external.host === undefined && typeof Pid === 'number' && Pid > 1 ? Pid : undefined,
  };
}

// kill exits with 1 where there is no such process; ssh and kubectl exit with other codes when they cannot get there.
async function runsThere(external: ExternalTarget, signal: AbortSignal): Promise<boolean> {
  try {
    await runThere(external, commandOf(external, 'look') ?? ['false'], signal);
    return true;
  } catch (error) {
    if ((error as { readonly data?: { readonly exitCode?: unknown } }).data?.exitCode === 1) return false;
    throw error;
  }
}

function isReachable(url: string, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ ...endpointOf(url, PORTS), signal });
    const settle = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => settle(true)).once('error', () => settle(false));
  });
}
