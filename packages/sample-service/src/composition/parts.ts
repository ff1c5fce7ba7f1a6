import { createCachingKeySource, type KeySourceOptions } from '../auth/caching-key-source.js';
import type { KeySource } from '../auth/key-source.js';
import { createTokenVerifier, type TokenVerifier, type TokenVerifierOptions } from '../auth/token-verifier.js';
import type { Cache } from '../domain/cache.js';
import { documentKey, type Document } from '../domain/document.js';
import { createDocuments, type Documents, type DocumentsParts } from '../domain/documents.js';
import { createRoles, type Roles, type RolesParts } from '../domain/roles.js';
import { connectCache, type CacheConnection, type CacheConnectionOptions } from '../cache/cache-connection.js';
import { withDeadline } from '../auth/verification-deadline.js';
import { createSingleFlight, type SingleFlight } from '../cache/single-flight.js';
import { createVersionedCache, type VersionedCacheOptions } from '../cache/versioned-cache.js';
import type { Connections } from '../database/connections.js';
import { idempotency, type Idempotency } from '../database/idempotency.js';
import type { OperationRunner } from '../database/operation-runner.js';
import { createPooledConnections, serverSettingsOf, type PoolOptions } from '../database/pooled-connections.js';
import { createRetry, retryDefaults, type Retry } from '../database/retry.js';
import type { Statements } from '../database/statements.js';
import { createTransactions, type Transactions } from '../database/transactions.js';
import { createAccounts, type Accounts } from '../domain/accounts.js';
import { createCounters, type Counters } from '../domain/counters.js';
import { healthyFurtherParts, type FurtherParts } from './further-parts.js';
import { spool, type Spool } from '../domain/exports/spool.js';

/** Building blocks of the use cases that need the database. */
export interface DatabaseParts {
  readonly statements: Statements;
  readonly operations: OperationRunner;
  readonly idempotency: Idempotency;
}

/** The replaceable parts of the service. A defect replaces some of them. */
export interface Parts extends FurtherParts {
  readonly keySource: (options: KeySourceOptions) => KeySource;
  readonly tokenVerifier: (options: TokenVerifierOptions) => TokenVerifier;
  /** Limits the time of one verification, ms. */
  readonly verificationDeadline: typeof withDeadline;
  readonly singleFlight: () => SingleFlight;
  readonly cacheConnection: (options: CacheConnectionOptions) => CacheConnection;
  readonly documentCache: (options: VersionedCacheOptions<Document>) => Cache<Document>;
  readonly documentKey: typeof documentKey;
  readonly documents: (parts: DocumentsParts) => Documents;
  readonly roleCache: (options: VersionedCacheOptions<readonly string[]>) => Cache<readonly string[]>;
  readonly roles: (parts: RolesParts) => Roles;
  readonly serverSettings: typeof serverSettingsOf;
  readonly connections: (options: PoolOptions) => Connections;
  readonly transactions: (connections: Connections) => Transactions;
  readonly retry: (options: { readonly connectionPatienceMs: number }) => Retry;
  readonly idempotency: Idempotency;
  readonly accounts: (parts: DatabaseParts) => Accounts;
  readonly counters: (parts: DatabaseParts) => Counters;
  readonly spool: Spool;
}

/** The healthy service. */
export const healthyParts: Parts = {
  ...healthyFurtherParts,
  keySource: createCachingKeySource,
  tokenVerifier: createTokenVerifier,
  verificationDeadline: withDeadline,
  singleFlight: createSingleFlight,
  cacheConnection: connectCache,
  documentCache: createVersionedCache,
  documentKey,
  documents: createDocuments,
  roleCache: createVersionedCache,
  roles: createRoles,
  serverSettings: serverSettingsOf,
  connections: createPooledConnections,
  transactions: createTransactions,
  retry: (options) => createRetry({ ...retryDefaults, ...options }),
  idempotency,
  accounts: createAccounts,
  counters: createCounters,
  spool,
};
