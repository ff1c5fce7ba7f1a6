import { activeFault, type Fault, type Postgres } from '@chaos/test';

/**
 * A setting of the whole database, for sessions that start from now on. Terminates the service's sessions so that they
 * reconnect with the new setting; healing does so again. It needs no further undo, because it disappears with the
 * database.
 */
export function databaseSetting(postgres: Postgres, name: string, value: string): Fault {
  const change = async (clause: string, signal: AbortSignal): Promise<void> => {
    const session = await postgres.connect();
    try {
      const { rows } = await session.query<{ statement: string }>(
        `SELECT format('ALTER DATABASE %I ', current_database()) AS statement`,
      );
      await session.query(`${rows[0]?.statement}${clause}`);
    } finally {
      await session.end();
    }
    await postgres.terminateBackends({ applicationName: 'sample-service' }).inject(signal);
  };
  return {
    name: `postgres ${name} = ${value}`,
    async inject(signal) {
      await change(`SET ${name} = '${value}'`, signal);
      return activeFault(() => change(`RESET ${name}`, AbortSignal.timeout(10_000)));
    },
  };
}
