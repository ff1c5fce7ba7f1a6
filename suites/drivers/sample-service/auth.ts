import type { AuthOperations } from '../operations/auth.js';
import type { InDriver } from '../operations.js';
import { call, get } from './call.js';

/** Tokens and identities of the sample service. */
export const auth: InDriver<AuthOperations> = {
  whoami: (context, options) => get(context, '/whoami', options),
  authorize: (context, role, options) => get(context, `/roles/${encodeURIComponent(role)}`, options),
  grant: async (context, subject, roles) =>
    call(
      context,
      'PUT',
      `/admin/roles/${encodeURIComponent(subject)}`,
      { roles },
      { token: await context.issueToken({ sub: 'admin', roles: ['admin'] }) },
    ),
  tenantToken: (context, tenant) => context.issueToken({ tenant }),
  clockToleranceMs: async () => 1000,
  token: (context, claims) => context.issueToken(claims),
};
