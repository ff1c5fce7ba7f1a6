import { withClient } from './with-client.js';

const TIMEOUT_MS = 10_000;

/**
 * Drops a database and disconnects its sessions. Safe to call twice. Undo recipes call it, too, so it takes plain data.
 */
export async function dropDatabase({
  url,
  database,
}: {
  readonly url: string;
  readonly database: string;
}): Promise<void> {
  // The name comes from a file and is used in the statement without quoting.
  if (!/^chaos_[a-z0-9_]+$/.test(database))
    throw new TypeError(`Cannot drop database ${JSON.stringify(database)}: it is none of ours (chaos_…)`);
  await withClient({ connectionString: url }, AbortSignal.timeout(TIMEOUT_MS), (client) =>
    client.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`),
  );
}
