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
  // It comes out of a file, and stands in the statement as it is.
  if (!/^chaos_[a-z0-9_]+$/.test(database))
    throw new TypeError(`Cannot drop database ${JSON.stringify(database)}: it is none of ours (chaos_…)`);
  await withClient({ connectionString: url }, AbortSignal.timeout(TIMEOUT_MS), (client) =>
    client.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`),
  );
}
