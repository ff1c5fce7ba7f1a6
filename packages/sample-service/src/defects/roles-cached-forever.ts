import { createRoles } from '../domain/roles.js';
import type { Defect } from '../composition/defect.js';

/** Keeps the roles of everyone who was ever asked for in memory, where no change reaches them. */
export const defect: Defect = {
  roles: (parts) => {
    const roles = createRoles(parts);
    const known = new Map<string, readonly string[]>();
    async function of(...[budget, member]: Parameters<typeof roles.of>): Promise<readonly string[]> {
      const key = JSON.stringify([member.tenant, member.subject]);
      const found = known.get(key) ?? (await roles.of(budget, member));
      known.set(key, found);
      return found;
    }
    return {
      ...roles,
      of,
      async require(budget, member, role) {
        if (!(await of(budget, member)).includes(role)) await roles.require(budget, member, role);
      },
    };
  },
};
