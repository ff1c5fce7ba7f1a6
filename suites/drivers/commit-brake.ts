import { activeFault, type Fault, type Postgres } from '@chaos/test';

/**
 * Advisory lock behind which transactions wait that changed a table with a {@link commitBrake}: held exclusively, none
 * of their COMMITs ends.
 */
export const BRAKE_LOCK = 4_040_404;

/** What stands still behind the lock: COMMITs that have begun, as the server sees them. */
export async function brakedCommits(postgres: Postgres): Promise<number> {
  const rows = await postgres.query(
    `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND query = 'COMMIT' AND wait_event_type = 'Lock' AND wait_event = 'advisory'`,
  );
  return rows.length;
}

/**
 * A check at the end of every transaction that changed `table`, which takes {@link BRAKE_LOCK} for a moment. Healing
 * removes it.
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
