import { ServiceError } from '../service-error.js';

/** Requester, as stated by the verified token. */
export interface Identity {
  readonly subject: string;
  /** Whose data it sees. */
  readonly tenant: string;
  readonly roles: readonly string[];
  /** Seconds since the Unix epoch. */
  readonly expiresAt: number;
}

/** @throws ServiceError `FORBIDDEN` unless the identity has the role; an admin has every role. */
export function requireRole(identity: Identity, role: 'user' | 'admin'): void {
  if (!identity.roles.includes(role) && !identity.roles.includes('admin'))
    throw new ServiceError('FORBIDDEN', `The role "${role}" is needed`);
}
