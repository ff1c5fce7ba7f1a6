import type { Postgres } from '@chaos/test';

/** Counts of the sample service's sessions in PostgreSQL. */
export interface ServiceSessions {
  readonly total: number;
  /** Sessions with an open transaction; a single statement is one. */
  readonly inTransaction: number;
  /** Sessions that wait for another's lock. */
  readonly waiting: number;
}

/** The sessions of the sample service as the server sees them. */
export async function serviceSessions(postgres: Postgres): Promise<ServiceSessions> {
  const [sessions] = await postgres.query<{ total: number; inTransaction: number; waiting: number }>(
    `SELECT count(*)::int AS total, count(*) FILTER (WHERE xact_start IS NOT NULL)::int AS "inTransaction", count(*) FILTER (WHERE wait_event_type = 'Lock')::int AS waiting
     FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'sample-service'`,
  );
  return sessions ?? { total: 0, inTransaction: 0, waiting: 0 };
}
