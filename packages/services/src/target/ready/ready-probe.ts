import { connect } from 'node:net';
import { abortWithin, type ReadyCheck } from '@chaos/spec';
import { withClient } from '../../postgres/with-client.js';
import type { ServiceProcess } from '../../process/spawn-service.js';
import { runInPlace, type CommandPlace } from '../run-in-place.js';
import { probeHttp, type Probe } from './probe-http.js';

/** What a check of readiness may look at. */
export interface ReadyPlace extends CommandPlace {
  readonly process: ServiceProcess;
  /** Of the program, on 127.0.0.1. */
  readonly port: number;
  /** For a query: URL of its PostgreSQL, without its link. */
  readonly databaseUrl: string | undefined;
  /** `performance.now()` at its start. */
  readonly startMs: number;
  /** True once it has printed the line that is waited for. */
  readonly hasPrinted: () => boolean;
}

/** Looks once; never rejects. */
export type ReadyProbe = (timeoutMs: number, signal: AbortSignal) => Promise<Probe>;

/** A probe for a way to be ready; `what` says what it asks, for messages. */
export function readyProbe(
  check: ReadyCheck,
  place: ReadyPlace,
): { readonly what: string; readonly probe: ReadyProbe } {
  if ('path' in check) {
    const url = new URL(check.path, `http://127.0.0.1:${place.port}`).href;
    return { what: url, probe: (timeoutMs, signal) => probeHttp(url, timeoutMs, signal) };
  }
  if ('log' in check)
    return {
      what: `its output, which is to have ${JSON.stringify(check.log)}`,
      probe: async () => ({ ready: place.hasPrinted(), answer: 'no such line' }),
    };
  if ('port' in check)
    return {
      what: `127.0.0.1:${place.port}`,
      probe: (_, signal) => probePort({ host: '127.0.0.1', port: place.port }, signal),
    };
  if ('command' in check)
    return {
      what: check.command.join(' '),
      probe: (timeoutMs, signal) => probeCommand(check.command, place, timeoutMs, signal),
    };
  if ('sql' in check)
    return {
      what: check.sql,
      probe: (timeoutMs, signal) => probeQuery(check.sql, place.databaseUrl ?? '', timeoutMs, signal),
    };
  return {
    what: `its process, which is to run for ${check.aliveMs} ms`,
    probe: async () => ({
      ready: place.process.alive() && performance.now() - place.startMs >= check.aliveMs,
      answer: 'it runs, for a shorter time',
    }),
  };
}

/** One connection, ready when it is made; never rejects. */
export function probePort(to: { readonly host: string; readonly port: number }, signal: AbortSignal): Promise<Probe> {
  return new Promise((resolve) => {
    const socket = connect({ ...to, signal });
    socket.once('connect', () => {
      socket.destroy();
      resolve({ ready: true, answer: 'connected' });
    });
    socket.once('error', (error: NodeJS.ErrnoException) =>
      resolve({ ready: false, answer: error.code ?? error.message }),
    );
  });
}

async function probeCommand(
  command: readonly string[],
  place: ReadyPlace,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Probe> {
  const { failure, code, isCutShort, output } = await runInPlace(command, place, { timeoutMs, signal });
  const said = output.trim().split('\n').at(-1) ?? '';
  const how = isCutShort ? `no end within ${timeoutMs} ms` : code === undefined ? (failure ?? '') : `exit code ${code}`;
  return { ready: failure === undefined, answer: said === '' ? how : `${how} (${said})` };
}

async function probeQuery(sql: string, url: string, timeoutMs: number, signal: AbortSignal): Promise<Probe> {
  using within = abortWithin(signal, timeoutMs);
  try {
    const { rowCount } = await withClient({ connectionString: url }, within, (client) => client.query(sql));
    return { ready: (rowCount ?? 0) > 0, answer: 'no row' };
  } catch (error) {
    return { ready: false, answer: error instanceof Error ? error.message : String(error) };
  }
}
