import type { Identity } from './auth/identity.js';
import type { Budget } from './budget.js';

/** What belongs to one request: who makes it, and how much time it has left. */
export interface RequestContext {
  readonly budget: Budget;
  readonly identity: Identity;
}
