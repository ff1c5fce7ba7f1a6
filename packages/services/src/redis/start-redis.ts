import { chmod, chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { assertReachable, serviceAccount, type ServiceAccount } from '@chaos/programs';
import { ChaosError, EnvironmentError, type Journal } from '@chaos/spec';
import { assertPortFree } from '../process/assert-port-free.js';
import { endProcess } from '../process/end-process.js';
import { randomPassword } from '../process/random-password.js';
import { spawnService, type ServiceProcess } from '../process/spawn-service.js';
import { supervise } from '../process/supervisor.js';
import { waitUntilReady } from '../process/wait-until-ready.js';
import { createKeyspaceState } from './keyspace-state.js';
import { locateRedis, type RedisProgram } from './locate-redis.js';
import type { RedisServer } from './redis-server.js';
import { withRedis } from './with-redis.js';

/** Options of {@link startRedis}. */
export interface StartRedisOptions {
  /** Port on 127.0.0.1; stays the same over restarts. */
  readonly port: number;
  /** Existing folder; the server works in `redis-<port>` below it, which is removed at the end. */
  readonly directory: string;
  readonly journal: Journal;
  /** Gets each line of the server's log. */
  readonly log: (line: string) => void;
  /** Budget for getting ready, at first and after each restart, ms; does not include a download. */
  readonly startTimeoutMs: number;
  /** Aborts only the start. */
  readonly signal: AbortSignal;
  /** Folder of a downloaded server; see `CHAOS_CACHE_DIR`. */
  readonly cacheDirectory?: string;
  /** Default: the result of {@link locateRedis}. */
  readonly program?: RedisProgram;
}

/**
 * Starts our own Redis without persistence, with a random password, which is part of its `url`; as root it runs as
 * `nobody`. It dies with this process. Throws `CapabilityMissing` if there is no Redis, `EnvironmentError`: port not
 * free, folder not writable, not ready in time (with the end of its log).
 */
export async function startRedis(options: StartRedisOptions): Promise<RedisServer> {
  const { port, directory, journal, log, startTimeoutMs, signal } = options;
  const { executable, libraryFolders } =
    options.program ??
    (await locateRedis({
      signal,
      ...(options.cacheDirectory !== undefined && { cacheDirectory: options.cacheDirectory }),
    }));
  await assertPortFree(port, 'Redis');
  const account = serviceAccount();
  const path = join(directory, `redis-${port}`);
  const entry = journal.record({ kind: 'remove', path }, 'working folder of Redis');
  const remove = async (): Promise<void> => {
    await rm(path, { recursive: true, force: true });
    entry.settle();
  };
  const password = randomPassword();
  const url = `redis://:${password}@127.0.0.1:${port}`;
  const configuration = join(path, 'redis.conf');

  async function start(starting: AbortSignal): Promise<ServiceProcess> {
    const server = await spawnService({
      argv: [executable, configuration],
      env: {
        PATH: process.env['PATH'],
        LC_ALL: 'C',
        ...(libraryFolders.length > 0 && { LD_LIBRARY_PATH: libraryFolders.join(':') }),
      },
      cwd: path,
      ...account,
      journal,
      what: 'Redis',
      log,
      signal: starting,
      deathSignal: 'SIGKILL',
    });
    try {
      await waitUntilReady({
        what: 'Redis',
        process: server,
        probe: (probing) => assertOurs(url, server.pid, probing),
        timeoutMs: startTimeoutMs,
        signal: starting,
      });
    } catch (error) {
      await server.killTree();
      throw error;
    }
    return server;
  }

  let supervisor: Awaited<ReturnType<typeof supervise>>;
  try {
    await makeFolder(path, directory, account);
    await writeConfiguration(configuration, { port, path, password, account });
    supervisor = await supervise(start, signal);
  } catch (error) {
    await remove();
    throw error;
  }
  const { current, outage, pause } = supervisor;

  return {
    url,
    external: false,
    get pid() {
      return current().alive() ? current().pid : undefined;
    },
    async ready(waiting) {
      if (!current().alive())
        throw new ChaosError('SERVICE_DOWN', `Cannot use Redis: its process has ended\n${current().logTail(20)}`, {
          data: { log: current().logTail(20) },
        });
      await assertOurs(url, current().pid, waiting);
    },
    ...createKeyspaceState(url),
    logTail: (lines) => current().logTail(lines),
    kill: () => outage('redis SIGKILL', async (running) => void running.kill('SIGKILL')),
    stop: () => pause('redis SIGSTOP'),
    restart: () => outage('redis restart', (running) => endProcess(running, 'SIGTERM')),
    async [Symbol.asyncDispose]() {
      await supervisor.down();
      await remove();
    },
  };
}

/** Another process may have taken the port while ours was down. */
async function assertOurs(url: string, pid: number, signal: AbortSignal): Promise<void> {
  await withRedis(url, signal, async (redis) => {
    await redis.ping();
    const found = /^process_id:(\d+)/m.exec(await redis.info('server'))?.[1];
    if (found !== String(pid))
      throw new ChaosError(
        'SERVICE_DOWN',
        `Cannot use Redis at ${new URL(url).host}: its process is ${found}, not ${pid}`,
      );
  });
}

async function makeFolder(path: string, parent: string, account: ServiceAccount | undefined): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
    await chmod(path, 0o700);
    if (account !== undefined) await chown(path, account.uid, account.gid);
  } catch (cause) {
    throw new EnvironmentError(
      `Cannot create the working folder of Redis: current value is ${path} (${(cause as Error).message})`,
      { hint: 'Use a folder that exists, is empty, and that you may write.', cause },
    );
  }
  assertReachable(parent, account, 'Use a folder that every user may enter, such as one in /tmp.');
}

// In a file that only the server can read, because every user of the machine can read its command line.
async function writeConfiguration(
  file: string,
  {
    port,
    path,
    password,
    account,
  }: {
    readonly port: number;
    readonly path: string;
    readonly password: string;
    readonly account: ServiceAccount | undefined;
  },
): Promise<void> {
  const settings = [
    `port ${port}`,
    'bind 127.0.0.1',
    `requirepass ${password}`,
    'save ""',
    'appendonly no',
    'daemonize no',
    `dir ${JSON.stringify(path)}`,
    'databases 16',
  ];
  await writeFile(file, `${settings.join('\n')}\n`, { mode: 0o600, flag: 'wx' });
  if (account !== undefined) await chown(file, account.uid, account.gid);
}
