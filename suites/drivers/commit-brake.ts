import { activeFault, type Fault, type Postgres } from '@chaos/test';

/**
 * Advisory lock for transactions that changed a table with a {@link commitBrake}: while we hold it exclusively, none of
 * their COMMITs ends.
 */
export const BRAKE_LOCK = 4_040_404;

/** Counts COMMITs that wait for the lock, as the server sees them. */
export async function brakedCommits(postgres: Postgres): Promise<number> {
  const rows = await postgres.query(
    `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND query = 'COMMIT' AND wait_event_type = 'Lock' AND wait_event = 'advisory'`,
  );
  return rows.length;
}

/**
 * Adds a check at the end of every transaction that changed `table`; the check takes {@link BRAKE_LOCK} for a moment.
 * Healing removes it.
 */
export function commitBrake(postgres: Postgres, table: string): Fault {
  const run = async (sql: string): Promise<void> => {
    const session = await postgres.connect();
    await session.query(sql).finally(() => session.end());
  };
  return {
    name: `postgres brake on commits to ${table}`,
    async inject() {
      await run(`
        CREATE OR REPLACE FUNCTION chaos_brake() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_advisory_xact_lock_shared(${BRAKE_LOCK}); RETURN NULL; END';
        CREATE CONSTRAINT TRIGGER chaos_brake AFTER UPDATE ON ${table} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION chaos_brake()`);
      return activeFault(() => run('DROP FUNCTION chaos_brake() CASCADE'));
    },
  };
}
