import { withClient } from './with-client.js';

const TIMEOUT_MS = 10_000;

/**
 * Drops a database with whoever is connected to it. Twice is harmless. Called by undo recipes too, so it takes plain
 * data.
 */
export async function dropDatabase({
  url,
  database,
}: {
  readonly url: string;
  readonly database: string;
}): Promise<void> {
  await withClient(url, AbortSignal.timeout(TIMEOUT_MS), (client) =>
    client.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`),
  );
}
