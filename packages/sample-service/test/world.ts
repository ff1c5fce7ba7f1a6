import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startJwks, type JwksServer } from '@chaos/services/jwks';
import { startPostgres, type PostgresServer } from '@chaos/services/postgres';
import { startRedis, type RedisServer } from '@chaos/services/redis';
import { isChaosError, noJournal } from '@chaos/spec';
import pg from 'pg';
import { createClient, type Client } from './client.js';
import { freePorts } from './free-ports.js';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
export const TIMEOUT_MS = 4000;

/** A service that runs as a process of its own. */
export interface Running extends Client, AsyncDisposable {
  readonly pid: number;
  readonly url: string;
  /** Sends SIGTERM; resolves to the exit code. */
  end(): Promise<number | null>;
}

/** Real dependencies of the service. */
export interface World extends AsyncDisposable {
  readonly postgres: PostgresServer;
  /** `undefined` if the machine cannot run Redis. */
  readonly redis: RedisServer | undefined;
  readonly jwks: JwksServer;
  readonly sql: pg.Client;
  /** Starts the service and seeds it; resolves when it is ready. */
  start(env?: Readonly<Record<string, string>>): Promise<Running>;
  env(): Record<string, string>;
}

export async function createWorld(): Promise<World> {
  const directory = await mkdtemp(join(tmpdir(), 'sample-service-'));
  await chmod(directory, 0o755);
  const [postgresPort = 0, redisPort = 0] = await freePorts(2);
  const common = {
    directory,
    journal: noJournal,
    log: () => {},
    startTimeoutMs: 20_000,
    signal: AbortSignal.timeout(60_000),
  };
  const postgres = await startPostgres({ ...common, port: postgresPort });
  const redis = await startRedis({ ...common, port: redisPort }).catch((error: unknown) => {
    if (isChaosError(error, 'CAPABILITY_MISSING')) return undefined;
    throw error;
  });
  const jwks = await startJwks({ port: 0 });
  const sql = new pg.Client(postgres.url);
  sql.on('error', () => {});
  await sql.connect();

  const env = (): Record<string, string> => ({
    PATH: process.env['PATH'] ?? '',
    PORT: '0',
    DATABASE_URL: postgres.url,
    REDIS_URL: redis?.url ?? `redis://127.0.0.1:${redisPort}`,
    JWKS_URL: jwks.url,
    JWT_ISSUER: jwks.issuer,
    JWT_AUDIENCE: jwks.audience,
    POOL_SIZE: '5',
    TIMEOUT_MS: String(TIMEOUT_MS),
  });

  return {
    postgres,
    redis,
    jwks,
    sql,
    env,
    start: (extra = {}) => startService({ ...env(), ...extra }, jwks),
    async [Symbol.asyncDispose]() {
      await sql.end();
      await Promise.all([postgres[Symbol.asyncDispose](), redis?.[Symbol.asyncDispose](), jwks[Symbol.asyncDispose]()]);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function startService(env: Readonly<Record<string, string>>, jwks: JwksServer): Promise<Running> {
  const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit') as Promise<[number | null]>;
  // A test that times out never disposes of it.
  const kill = (): boolean => child.kill('SIGKILL');
  process.once('exit', kill);
  void exited.then(() => process.off('exit', kill));
  const announced = once(child.stdout, 'data').then(([line]) => /http:\S+/.exec(String(line))?.[0]);
  const url = await Promise.race([announced, exited.then(() => undefined)]);
  if (url === undefined) throw new Error(`the service ended with ${child.exitCode}`);
  const client = createClient(url, jwks);
  while ((await client.call('GET', '/ready', { token: '' })).status !== 200) await new Promise(setImmediate);
  async function end(): Promise<number | null> {
    child.kill('SIGTERM');
    const [code] = await exited;
    return code;
  }
  return { ...client, pid: child.pid as number, url, end, [Symbol.asyncDispose]: async () => void (await end()) };
}
