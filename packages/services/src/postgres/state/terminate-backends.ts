import { activeFault, type Fault } from '@chaos/spec';
import type { ClientConfig } from 'pg';
import type { BackendFilter } from '../postgres-server.js';
import { withClient } from '../with-client.js';

/** Ends the matching sessions of a database once, and waits until they are gone. */
export function terminateBackends(connection: ClientConfig, filter: BackendFilter = {}): Fault {
  const { applicationName = null, state = null, of = null } = filter;
  return {
    name: `postgres terminate ${[state, applicationName, of].filter((part) => part !== null).join(' ') || 'all'} backends`,
    async inject(signal) {
      await withClient(connection, signal, (client) =>
        client.query(
          `SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity
           WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
             AND ($1::text IS NULL OR application_name = $1) AND ($2::text IS NULL OR state = $2)
             AND ($3::text IS NULL OR application_name NOT IN ('chaos', 'chaos-test'))`,
          [applicationName, state, of],
        ),
      );
      return activeFault(async () => {});
    },
  };
}
