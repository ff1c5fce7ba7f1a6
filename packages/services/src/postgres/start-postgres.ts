import {
  cacheDirectory,
  embeddedBinaries,
  installPostgres,
  serviceAccount,
  type ServiceAccount,
} from '@chaos/programs';
import { type Journal, ChaosError } from '@chaos/spec';
import { assertPortFree } from '../process/assert-port-free.js';
import { endProcess } from '../process/end-process.js';
import { randomPassword } from '../process/random-password.js';
import { spawnService, type ServiceProcess } from '../process/spawn-service.js';
import { supervise } from '../process/supervisor.js';
import { waitUntilReady } from '../process/wait-until-ready.js';
import { createDataDirectory, type DataDirectory } from './data/data-directory.js';
import { createDatabaseState } from './state/database-state.js';
import { ownConnection } from './own-connection.js';
import type { PostgresServer } from './postgres-server.js';
import { postgresTemplate } from './data/template.js';
import { setPassword } from './data/set-password.js';
import { exhaustConnections } from './state/exhaust-connections.js';
import { terminateBackends } from './state/terminate-backends.js';
import { withClient } from './with-client.js';

/** Options of {@link startPostgres}. */
export interface StartPostgresOptions {
  /** Port on 127.0.0.1; stays the same over restarts. */
  readonly port: number;
  /** Existing folder; the data is in `postgres-<port>` below it and removed at the end. */
  readonly directory: string;
  readonly journal: Journal;
  /** Gets each line of the server's log. */
  readonly log: (line: string) => void;
  /** Budget for getting ready, at first and after each restart, ms. */
  readonly startTimeoutMs: number;
  /** Aborts only the start. */
  readonly signal: AbortSignal;
  /** Folder of binaries and template; see `CHAOS_CACHE_DIR`. */
  readonly cacheDirectory?: string;
}

/**
 * Starts our own PostgreSQL with a random password, which is part of its `url`; as root it runs as `nobody`. It dies
 * with this process. Throws `EnvironmentError`: no binary for the platform, port not free, folder not writable, not
 * ready in time (with the end of its log).
 */
export async function startPostgres(options: StartPostgresOptions): Promise<PostgresServer> {
  const prepared = await prepare(options);
  const { data, urlOf } = prepared;
  const url = urlOf('app');
  const connection = ownConnection(url);
  const starting = supervise((signal) => startServer(options, prepared, signal), options.signal);
  const supervisor = await starting.catch(async (error: unknown) => {
    await data[Symbol.asyncDispose]();
    throw error;
  });
  const { current, outage, pause } = supervisor;

  return {
    url,
    adminUrl: urlOf('template1'),
    external: false,
    get pid() {
      return current().alive() ? current().pid : undefined;
    },
    async ready(waiting) {
      if (!current().alive())
        throw new ChaosError('SERVICE_DOWN', `Cannot use PostgreSQL: its process has ended\n${current().logTail(20)}`, {
          data: { log: current().logTail(20) },
        });
      await assertOurs(url, data.path, waiting);
    },
    ...createDatabaseState(connection, { server: true }),
    logTail: (lines) => current().logTail(lines),
    kill: () => outage('postgres SIGKILL', async (running) => void running.kill('SIGKILL')),
    stop: () => pause('postgres SIGSTOP'),
    restart: (mode) =>
      outage(`postgres restart ${mode}`, (running) => endProcess(running, mode === 'fast' ? 'SIGINT' : 'SIGQUIT')),
    exhaustConnections: (options) => exhaustConnections(connection, options),
    terminateBackends: (filter) => terminateBackends(connection, filter),
    async [Symbol.asyncDispose]() {
      await supervisor.down();
      await data[Symbol.asyncDispose]();
    },
  };
}

async function startServer(
  { port, journal, log, startTimeoutMs }: StartPostgresOptions,
  { account, installation, data, urlOf }: Prepared,
  signal: AbortSignal,
): Promise<ServiceProcess> {
  // Remove leftovers of a killed predecessor: they would make this server refuse to start, or use another key.
  await data.removeSharedMemory();
  const server = await spawnService({
    argv: [`${installation}/bin/postgres`, '-D', data.path, '-p', String(port)],
    env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
    cwd: data.path,
    ...account,
    journal,
    what: 'PostgreSQL',
    log,
    signal,
    // Immediate shutdown: the server ends its backends and removes its shared memory itself.
    deathSignal: 'SIGQUIT',
  });
  const probe = (probing: AbortSignal): Promise<void> => assertOurs(urlOf('app'), data.path, probing);
  try {
    await waitUntilReady({ what: 'PostgreSQL', process: server, probe, timeoutMs: startTimeoutMs, signal });
    return server;
  } catch (error) {
    await server.killTree();
    throw error;
  }
}

/** Another process may have taken the port while ours was down. */
async function assertOurs(url: string, dataDirectory: string, signal: AbortSignal): Promise<void> {
  const found = await withClient(ownConnection(url), signal, (client) =>
    client.query<{ path: string }>(`SELECT current_setting('data_directory') AS path`),
  );
  const path = found.rows[0]?.path;
  if (path !== dataDirectory)
    throw new ChaosError(
      'SERVICE_DOWN',
      `Cannot use PostgreSQL at ${new URL(url).host}: its data folder is ${path}, not ${dataDirectory}`,
    );
}

/** Everything needed to start a server: the program, and a data folder with a password. */
interface Prepared {
  readonly account: ServiceAccount | undefined;
  /** Folder with `bin`. */
  readonly installation: string;
  readonly data: DataDirectory;
  /** Address of a database, with the password of the server. */
  urlOf(database: string): string;
}

async function prepare(options: StartPostgresOptions): Promise<Prepared> {
  const { port, directory: parent, journal, signal } = options;
  const account = serviceAccount();
  const cache = cacheDirectory(options.cacheDirectory, account);
  await assertPortFree(port, 'PostgreSQL');
  const installation = await installPostgres(embeddedBinaries(), cache, signal);
  const template = await postgresTemplate({ installation, cache, account, signal });
  const data = await createDataDirectory({ template, parent, name: `postgres-${port}`, account, journal, signal });
  const password = randomPassword();
  try {
    await setPassword({ installation, dataDirectory: data.path, account, password, signal });
  } catch (error) {
    await data[Symbol.asyncDispose]();
    throw error;
  }
  const urlOf = (database: string): string => `postgres://postgres:${password}@127.0.0.1:${port}/${database}`;
  return { account, installation, data, urlOf };
}
