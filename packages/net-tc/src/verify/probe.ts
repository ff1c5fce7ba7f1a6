import { EnvironmentError } from '@chaos/spec';
import { local, type Executor } from '../executors/executor.js';
import { packageFile } from '../kernel/package-file.js';
import { runCommand } from '../kernel/run-command.js';
import { openConnections, type Outcome, type Outcomes } from './open-connections.js';

/** Options of the handshakes that show whether a fault acts. */
export interface ProbeOptions {
  /** Port of a listening server; packets to it must match the fault. */
  readonly port: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Place that connects: this machine, or a namespace on it. */
  readonly executor?: Executor;
  /** Connections. Default 40. */
  readonly count?: number;
  /** Timeout of a connection, ms. Default 2500: long enough for a second and a third SYN. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** Result of the handshakes. */
export interface ProbeResult {
  /** Handshakes that were answered, ms, sorted. */
  readonly connectMs: readonly number[];
  readonly refused: number;
  /** Handshakes without any answer. */
  readonly silent: number;
  /** The longest time, ms, that the measuring process was held up: longer delays than this come from the network. */
  readonly heldUpMs?: number;
}

/** The machine, and not the network, refused these. */
const NOT_OF_THE_NETWORK = new Set(['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'ENOBUFS', 'ENOMEM']);

/** Opens connections and closes them again; nothing is sent over them. */
export async function probe({
  port,
  host = '127.0.0.1',
  executor = local,
  count = 40,
  timeoutMs = 2500,
  signal = new AbortController().signal,
}: ProbeOptions): Promise<ProbeResult> {
  const { outcomes, heldUpMs } =
    executor.prefix.length === 0
      ? await openConnections({ host, port, count, timeoutMs })
      : await elsewhere(executor, [host, port, count, timeoutMs], signal);
  return { ...resultOf(outcomes), heldUpMs };
}

/** Opens connections here to two ports in turns, so that what the machine does it does to both. */
export async function probeBoth(attempts: {
  readonly host: string;
  readonly port: number;
  readonly controlPort: number;
  readonly count: number;
  readonly timeoutMs: number;
}): Promise<{ readonly measured: ProbeResult; readonly control: ProbeResult }> {
  const { outcomes, control, heldUpMs } = await openConnections(attempts);
  return { measured: { ...resultOf(outcomes), heldUpMs }, control: resultOf(control) };
}

function resultOf(outcomes: readonly Outcome[]): ProbeResult {
  const refusedHere = outcomes.find((outcome) => typeof outcome === 'string' && NOT_OF_THE_NETWORK.has(outcome));
  if (refusedHere !== undefined)
    throw new EnvironmentError(`Cannot measure the network: this machine opens no more connections (${refusedHere})`, {
      hint: 'Raise ulimit -n, or run fewer tests at the same time (--workers).',
    });
  const connectMs = outcomes.filter((outcome): outcome is number => typeof outcome === 'number').sort((a, b) => a - b);
  const silent = outcomes.filter((outcome) => outcome === 'ETIMEDOUT').length;
  return { connectMs, silent, refused: outcomes.length - connectMs.length - silent };
}

async function elsewhere(
  executor: Executor,
  words: readonly (string | number)[],
  signal: AbortSignal,
): Promise<Outcomes> {
  return JSON.parse(
    await runCommand(
      executor,
      { argv: [process.execPath, packageFile('verify/probe-process.js'), ...words.map(String)] },
      signal,
    ),
  ) as Outcomes;
}
