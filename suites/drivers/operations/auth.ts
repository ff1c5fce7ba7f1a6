import type { DriverContext } from '@chaos/test';
import type { CallOptions } from './call-options.js';

/** Whom a token stands for. */
export interface Identity {
  readonly subject: string;
}

/** Tokens, and the roles that the service itself keeps. */
export interface AuthOperations {
  /** Whom the token stands for. */
  whoami(options?: CallOptions): Promise<Identity>;
  /** Resolves for a caller to whom this role was granted; `rejected` with status 403 for others. */
  authorize(role: string, options?: CallOptions): Promise<unknown>;
  /** Replaces the roles of a subject. Once it resolves, decisions are made by the new ones. */
  grant(subject: string, roles: readonly string[]): Promise<unknown>;
  /** A token of a user of this tenant; each tenant has documents of its own. */
  tenantToken(tenant: string): Promise<string>;
  /** By how much the service lets its clock differ from the issuer's, ms; a whole number of seconds. */
  clockToleranceMs(): Promise<number>;
  /** A token of the issuer; `claims` override valid ones. */
  token(claims?: Parameters<DriverContext['issueToken']>[0]): Promise<string>;
}
