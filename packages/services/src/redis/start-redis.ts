import { chmod, chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { assertReachable, serviceAccount, type ServiceAccount } from '@chaos/programs';
import { ChaosError, EnvironmentError, type Fault, type Journal } from '@chaos/spec';
import { assertPortFree } from '../process/assert-port-free.js';
import { endProcess } from '../process/end-process.js';
import { randomPassword } from '../process/random-password.js';
import { spawnService, type ServiceProcess } from '../process/spawn-service.js';
import { supervise, type Supervisor } from '../process/supervisor.js';
import { waitUntilReady } from '../process/wait-until-ready.js';
import { exhaustClients } from './faults/exhaust-clients.js';
import { createKeyspaceState } from './keyspace-state.js';
import { createRedisClock, type RedisClock } from './faults/redis-clock.js';
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
  const { port, signal } = options;
  const program = options.program ?? (await locateRedis({ signal, ...cacheOf(options) }));
  await assertPortFree(port, 'Redis');
  const account = serviceAccount();
  const password = randomPassword();
  const url = `redis://:${password}@127.0.0.1:${port}`;
  const folder = await createFolder(options, account);
  const clock = createRedisClock(folder.path);
  let supervisor: Supervisor;
  try {
    const configuration = await writeConfiguration({ port, path: folder.path, password, account });
    const server = { url, program, account, path: folder.path, configuration, clock };
    supervisor = await supervise((starting) => startServer(options, server, starting), signal);
  } catch (error) {
    await folder[Symbol.asyncDispose]();
    throw error;
  }
  const { current, outage, pause } = supervisor;
  const restarting = (): Fault => outage('redis restart', (running) => endProcess(running, 'SIGTERM'));
  const restart = async (within: AbortSignal): Promise<void> => (await restarting().inject(within)).heal();
  const state = createKeyspaceState(url);

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
    snapshot: state.snapshot,
    async reset(resetting) {
      if (clock.fix()) await restart(resetting);
      await state.reset(resetting);
    },
    logTail: (lines) => current().logTail(lines),
    kill: () => outage('redis SIGKILL', async (running) => void running.kill('SIGKILL')),
    stop: () => pause('redis SIGSTOP'),
    restart: restarting,
    exhaustClients: () => exhaustClients(url),
    async movableClock(library, within) {
      await clock.loosen(library);
      await restart(within);
    },
    clockOffset: clock.offset,
    async [Symbol.asyncDispose]() {
      await supervisor.down();
      await folder[Symbol.asyncDispose]();
    },
  };
}

function cacheOf({ cacheDirectory }: StartRedisOptions): Pick<StartRedisOptions, 'cacheDirectory'> {
  return cacheDirectory === undefined ? {} : { cacheDirectory };
}

/** Everything needed to start the server, again and again. */
interface Prepared {
  readonly url: string;
  readonly program: RedisProgram;
  readonly account: ServiceAccount | undefined;
  /** Its working folder. */
  readonly path: string;
  /** Its configuration file. */
  readonly configuration: string;
  readonly clock: RedisClock;
}

async function startServer(
  { journal, log, startTimeoutMs }: StartRedisOptions,
  { url, program, account, path, configuration, clock }: Prepared,
  signal: AbortSignal,
): Promise<ServiceProcess> {
  const { executable, libraryFolders } = program;
  const server = await spawnService({
    argv: [executable, configuration],
    env: {
      PATH: process.env['PATH'],
      LC_ALL: 'C',
      ...(libraryFolders.length > 0 && { LD_LIBRARY_PATH: libraryFolders.join(':') }),
      ...clock.env(),
    },
    cwd: path,
    ...account,
    journal,
    what: 'Redis',
    log,
    signal,
    deathSignal: 'SIGKILL',
  });
  const probe = (probing: AbortSignal): Promise<void> => assertOurs(url, server.pid, probing);
  try {
    await waitUntilReady({ what: 'Redis', process: server, probe, timeoutMs: startTimeoutMs, signal });
    return server;
  } catch (error) {
    await server.killTree();
    throw error;
  }
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

async function createFolder(
  { port, directory, journal }: StartRedisOptions,
  account: ServiceAccount | undefined,
): Promise<AsyncDisposable & { readonly path: string }> {
  const path = join(directory, `redis-${port}`);
  const entry = journal.record({ kind: 'remove', path }, 'working folder of Redis');
  const remove = async (): Promise<void> => {
    await rm(path, { recursive: true, force: true });
    entry.settle();
  };
  try {
    await makeFolder(path, account);
    assertReachable(directory, account, 'Use a folder that every user may enter, such as one in /tmp.');
  } catch (error) {
    await remove();
    throw error;
  }
  return { path, [Symbol.asyncDispose]: remove };
}

async function makeFolder(path: string, account: ServiceAccount | undefined): Promise<void> {
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
}

// In a file that only the server can read, because every user of the machine can read its command line.
async function writeConfiguration({
  port,
  path,
  password,
  account,
}: {
  readonly port: number;
  readonly path: string;
  readonly password: string;
  readonly account: ServiceAccount | undefined;
}): Promise<string> {
  const file = join(path, 'redis.conf');
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
  return file;
}
