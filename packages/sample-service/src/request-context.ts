import type { Identity } from './auth/identity.js';
import type { Budget } from './budget.js';

/** Context of one request: the requester, and the remaining time. */
export interface RequestContext {
  readonly budget: Budget;
  readonly identity: Identity;
}
