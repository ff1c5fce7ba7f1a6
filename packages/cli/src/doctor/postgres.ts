import { mkdtemp, chmod, rm } from 'node:fs/promises';
import { noJournal, type ServiceConfig } from '@chaos/spec';
import { acquirePortBlock } from '@chaos/runner/ports';
import { startPostgres } from '@chaos/services/postgres';
import { failed, type Check } from './check.js';
import { checkReachable } from './reachable.js';

const NAME = 'PostgreSQL';

/** Whether a PostgreSQL can be had; found by starting one, as a slot would. */
export async function checkPostgres({ url, startTimeoutMs }: ServiceConfig): Promise<Check> {
  if (url !== undefined) return checkReachable(NAME, url);
  const directory = await mkdtemp('/tmp/chaos-doctor-');
  try {
    await chmod(directory, 0o755);
    await using ports = await acquirePortBlock();
    const started = performance.now();
    await using server = await startPostgres({
      port: await ports.take('postgres'),
      directory,
      journal: noJournal,
      log() {},
      startTimeoutMs,
      signal: AbortSignal.timeout(startTimeoutMs * 2),
    });
    return {
      name: NAME,
      status: 'ok',
      detail: `started and ready in ${Math.round(performance.now() - started)} ms (process ${server.pid})`,
    };
  } catch (error) {
    return failed(NAME, error);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
