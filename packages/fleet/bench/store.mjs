import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '@chaos/services/postgres';
import { startRedis } from '@chaos/services/redis';
import { noJournal } from '@chaos/spec';

/** A real store in a folder of its own; disposing removes both. */
export async function startStore(kind) {
  const directory = mkdtempSync(join(tmpdir(), 'fleet-bench-'));
  chmodSync(directory, 0o755);
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  const options = {
    port,
    directory,
    journal: noJournal,
    log: () => {},
    startTimeoutMs: 60_000,
    signal: AbortSignal.timeout(600_000),
  };
  const server = await (kind === 'redis' ? startRedis(options) : startPostgres(options));
  return {
    url: server.url,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
