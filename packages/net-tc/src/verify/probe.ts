import { local, type Executor } from '../executors/executor.js';
import { packageFile } from '../apply/package-file.js';
import { runCommand } from '../apply/run-command.js';

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
export async function probe({ port, host = '127.0.0.1', executor = local, count = 40, timeoutMs = 2500, signal = new AbortController().signal }: ProbeOptions): Promise<ProbeResult> {
  const text = await runCommand(executor, { argv: [process.execPath, packageFile('verify/probe-process.js'), host, String(port), String(count), String(timeoutMs)] }, signal);
  const outcomes = JSON.parse(text) as readonly (number | string)[];
  const connectMs = outcomes.filter((outcome): outcome is number => typeof outcome === 'number').sort((a, b) => a - b);
  const silent = outcomes.filter((outcome) => outcome === 'ETIMEDOUT').length;
  return { connectMs, silent, refused: outcomes.length - connectMs.length - silent };
}
