import { EnvironmentError } from '@chaos/spec';
import { local, type Executor } from '../executors/executor.js';
import { packageFile } from '../apply/package-file.js';
import { runCommand } from '../apply/run-command.js';
import { openConnections, type Outcome, type Outcomes } from './open-connections.js';

/** What is tried to see whether a fault acts. */
export interface ProbeOptions {
  /** Where a server listens; its packets must match the fault. */
  readonly port: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Where from: this machine, or a namespace on it. */
  readonly executor?: Executor;
  /** Connections. Default 40. */
  readonly count?: number;
  /** After which a connection counts as lost. Default 2500: a second SYN and a third are waited for. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** What came of it. */
export interface ProbeResult {
  /** Handshakes that were answered, ms, sorted. */
  readonly connectMs: readonly number[];
  readonly refused: number;
  /** No answer at all. */
  readonly silent: number;
  /** The longest that the measuring process itself was held up meanwhile, ms: more than that is not the network's. */
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
