import type { Budget } from '../budget.js';
import type { OperationKey } from '../database/idempotency.js';
import type { OperationRunner } from '../database/operation-runner.js';
import type { Statements } from '../database/statements.js';
import type { Isolation } from '../database/transactions.js';
import { ServiceError } from '../service-error.js';

/** A person of a team. */
export interface Duty {
  readonly team: string;
  readonly person: string;
}

/** Who is on duty. In every team there is always somebody. */
export interface Rosters {
  onDuty(budget: Budget, team: string): Promise<readonly string[]>;
  join(budget: Budget, duty: Duty): Promise<Duty>;
  /** @throws ServiceError `LAST_ON_DUTY` when nobody else is on duty. */
  leave(budget: Budget, operation: OperationKey, duty: Duty): Promise<Duty>;
}

/** Rosters in PostgreSQL. What a leave has read of the others must hold when it commits, hence SERIALIZABLE. */
export function createRosters(
  parts: { readonly statements: Statements; readonly operations: OperationRunner },
  isolation: Isolation = 'SERIALIZABLE',
): Rosters {
  return {
    async onDuty(budget, team) {
      const rows = await parts.statements
        .reading(budget)
        .rows<{ person: string }>('SELECT person FROM duties WHERE team = $1 ORDER BY person', [team]);
      return rows.map(({ person }) => person);
    },
    async join(budget, { team, person }) {
      await parts.statements
        .writing(budget)
        .rows('INSERT INTO duties (team, person) VALUES ($1, $2) ON CONFLICT DO NOTHING', [team, person]);
      return { team, person };
    },
    leave: (budget, operation, { team, person }) =>
      parts.operations.run(budget, isolation, operation, async (queries) => {
        const others = await queries.rows('SELECT 1 FROM duties WHERE team = $1 AND person <> $2 LIMIT 1', [
          team,
          person,
        ]);
        if (others.length === 0) throw new ServiceError('LAST_ON_DUTY', `Nobody else of "${team}" is on duty`);
        await queries.rows('DELETE FROM duties WHERE team = $1 AND person = $2', [team, person]);
        return { team, person };
      }),
  };
}
