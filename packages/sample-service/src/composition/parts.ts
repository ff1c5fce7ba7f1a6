import { createCachingKeySource, type KeySourceOptions } from '../auth/caching-key-source.js';
import type { KeySource } from '../auth/key-source.js';
import { createTokenVerifier, type TokenVerifier, type TokenVerifierOptions } from '../auth/token-verifier.js';
import type { DocumentCache } from '../domain/document-cache.js';
import { createSingleFlight, type SingleFlight } from '../cache/single-flight.js';
import { createVersionedDocumentCache, type DocumentCacheOptions } from '../cache/versioned-document-cache.js';
import type { Connections } from '../database/connections.js';
import { idempotency, type Idempotency } from '../database/idempotency.js';
import type { OperationRunner } from '../database/operation-runner.js';
import { createPooledConnections, serverSettingsOf, type PoolOptions } from '../database/pooled-connections.js';
import { createRetry, retryDefaults, type Retry } from '../database/retry.js';
import type { Statements } from '../database/statements.js';
import { createTransactions, type Transactions } from '../database/transactions.js';
import { createAccounts, type Accounts } from '../domain/accounts.js';
import { createCounters, type Counters } from '../domain/counters.js';
import { spool, type Spool } from '../domain/spool.js';

/** Building blocks of the use cases that need the database. */
export interface DatabaseParts {
  readonly statements: Statements;
  readonly operations: OperationRunner;
  readonly idempotency: Idempotency;
}

/** The replaceable parts of the service. A defect replaces some of them. */
export interface Parts {
  readonly keySource: (options: KeySourceOptions) => KeySource;
  readonly tokenVerifier: (options: TokenVerifierOptions) => TokenVerifier;
  readonly singleFlight: () => SingleFlight;
  readonly documentCache: (options: DocumentCacheOptions) => DocumentCache;
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
  keySource: createCachingKeySource,
  tokenVerifier: createTokenVerifier,
  singleFlight: createSingleFlight,
  documentCache: createVersionedDocumentCache,
  serverSettings: serverSettingsOf,
  connections: createPooledConnections,
  transactions: createTransactions,
  retry: (options) => createRetry({ ...retryDefaults, ...options }),
  idempotency,
  accounts: createAccounts,
  counters: createCounters,
  spool,
};
