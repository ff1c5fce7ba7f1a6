import type { Budget } from '../budget.js';
import type { Statements } from '../database/statements.js';
import { ServiceError } from '../service-error.js';
import type { Cache } from './cache.js';

/** A member of a tenant. */
export interface Member {
  readonly tenant: string;
  readonly subject: string;
}

/** Roles that an admin grants and revokes. What a token says of roles counts nothing here. */
export interface Roles {
  /** Never older than the last change that was acknowledged. */
  of(budget: Budget, member: Member): Promise<readonly string[]>;
  /** @throws ServiceError `FORBIDDEN` for a member without the role. */
  require(budget: Budget, member: Member, role: string): Promise<void>;
  /** Replaces all roles of a member. */
  set(budget: Budget, member: Member, roles: readonly string[]): Promise<void>;
}

/** Parts of {@link createRoles}. */
export interface RolesParts {
  readonly statements: Statements;
  readonly cache: Cache<readonly string[]>;
}

const READ = 'SELECT roles FROM members WHERE tenant = $1 AND subject = $2';
const WRITE =
  'INSERT INTO members (tenant, subject, roles) VALUES ($1, $2, $3) ON CONFLICT (tenant, subject) DO UPDATE SET roles = excluded.roles';

/** Roles in PostgreSQL, read through the cache. Without both nobody has a role. */
export function createRoles({ statements, cache }: RolesParts): Roles {
  async function of(budget: Budget, { tenant, subject }: Member): Promise<readonly string[]> {
    const load = async (): Promise<readonly string[]> => {
      const [row] = await statements.reading(budget).rows<{ roles: string[] }>(READ, [tenant, subject]);
      return row?.roles ?? [];
    };
    return (await cache.read(memberKey({ tenant, subject }), load)) ?? [];
  }

  return {
    of,
    async require(budget, member, role) {
      if (!(await of(budget, member)).includes(role))
        throw new ServiceError('FORBIDDEN', `The role "${role}" is needed`);
    },
    async set(budget, { tenant, subject }, roles) {
      try {
        await statements.writing(budget).rows(WRITE, [tenant, subject, roles]);
      } finally {
        await cache.invalidate(memberKey({ tenant, subject }));
      }
    },
  };
}

/** True for roles as they are written to a cache; anything may be there. */
export function areRoles(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((role) => typeof role === 'string');
}

function memberKey({ tenant, subject }: Member): string {
  return `${encodeURIComponent(tenant)}/${encodeURIComponent(subject)}`;
}
