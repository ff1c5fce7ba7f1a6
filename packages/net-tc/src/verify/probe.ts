import { local, type Executor } from '../executors/executor.js';
import { packageFile } from '../apply/package-file.js';
import { runCommand } from '../apply/run-command.js';
import { openConnections } from './open-connections.js';

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
}

/** Opens connections and closes them again; nothing is sent over them. */
export async function probe({
  port,
  host = '127.0.0.1',
  executor = local,
  count = 40,
  timeoutMs = 2500,
  signal = new AbortController().signal,
}: ProbeOptions): Promise<ProbeResult> {
  const outcomes =
    executor.prefix.length === 0
      ? await openConnections({ host, port, count, timeoutMs })
      : await elsewhere(executor, [host, port, count, timeoutMs], signal);
  const connectMs = outcomes.filter((outcome): outcome is number => typeof outcome === 'number').sort((a, b) => a - b);
  const silent = outcomes.filter((outcome) => outcome === 'ETIMEDOUT').length;
  return { connectMs, silent, refused: outcomes.length - connectMs.length - silent };
}

async function elsewhere(
  executor: Executor,
  words: readonly (string | number)[],
  signal: AbortSignal,
): Promise<readonly (number | string)[]> {
  return JSON.parse(
    await runCommand(
      executor,
      { argv: [process.execPath, packageFile('verify/probe-process.js'), ...words.map(String)] },
      signal,
    ),
  ) as readonly (number | string)[];
}
