/** Settings of a client of the package `pg`. */
export interface OwnConnection {
  readonly connectionString: string;
  readonly ssl: false;
  readonly sslnegotiation: 'postgres';
  readonly client_encoding: string;
  readonly options: string;
  readonly replication: string;
}

/**
 * Settings of a `pg` client for a server of our own. They leave nothing to the `PG*` variables of the shell, which are
 * meant for another database: `PGSSLMODE` would ask for the TLS that ours does not have, `PGOPTIONS` and
 * `PGREPLICATION` would change its sessions.
 */
export function ownConnection(url: string): OwnConnection {
  return {
    connectionString: url,
    ssl: false,
    sslnegotiation: 'postgres',
    client_encoding: 'UTF8',
    // To `pg` an empty text means "look into the environment". These two are what holds without it.
    options: '-c statement_timeout=0',
    replication: 'false',
  };
}
