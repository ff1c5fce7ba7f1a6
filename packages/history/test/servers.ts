import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { noJournal } from '@chaos/spec';
import { startPostgres, type PostgresServer } from '@chaos/services/postgres';
import { startRedis, type RedisServer } from '@chaos/services/redis';

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function options() {
  const port = await freePort();
  const directory = mkdtempSync('/tmp/history-');
  chmodSync(directory, 0o755);
  return {
    port,
    directory,
    journal: noJournal,
    log: () => {},
    startTimeoutMs: 30_000,
    signal: new AbortController().signal,
  };
}

/** A real PostgreSQL; disposing leaves nothing behind. */
export async function postgresServer(): Promise<PostgresServer> {
  const settings = await options();
  return withFolder(await startPostgres(settings), settings.directory);
}

/** A real Redis. */
export async function redisServer(): Promise<RedisServer> {
  const settings = await options();
  return withFolder(await startRedis(settings), settings.directory);
}

function withFolder<T extends AsyncDisposable>(server: T, directory: string): T {
  const dispose = server[Symbol.asyncDispose].bind(server);
  return Object.assign(server, {
    [Symbol.asyncDispose]: async () => {
      await dispose();
      rmSync(directory, { recursive: true, force: true });
    },
  });
}
