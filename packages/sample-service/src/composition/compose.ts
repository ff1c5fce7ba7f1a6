import { startBudget } from '../budget.js';
import type { KeySource } from '../auth/key-source.js';
import type { TokenVerifier } from '../auth/token-verifier.js';
import type { DocumentCache } from '../domain/document-cache.js';
import type { Connections } from '../database/connections.js';
import { migrate } from '../database/migrate.js';
import { createOperationRunner } from '../database/operation-runner.js';
import type { Retry } from '../database/retry.js';
import { createStatements, type Statements } from '../database/statements.js';
import type { Accounts } from '../domain/accounts.js';
import type { Counters } from '../domain/counters.js';
import { createDocuments, type Documents } from '../domain/documents.js';
import { createExports, type Exports } from '../domain/exports.js';
import { createReports, type Reports } from '../domain/reports.js';
import { createSeeding, type Seeding } from '../domain/seeding.js';
import { createStock, type Stock } from '../domain/stock.js';
import type { Settings } from '../settings.js';
import type { Parts } from './parts.js';

/** The service without its HTTP and GraphQL interfaces: the use cases and their dependencies. */
export interface Service {
  readonly settings: Settings;
  readonly verifier: TokenVerifier;
  readonly accounts: Accounts;
  readonly counters: Counters;
  readonly documents: Documents;
  readonly exports: Exports;
  readonly reports: Reports;
  readonly seeding: Seeding;
  readonly stock: Stock;
  readonly statements: Statements;
  readonly connections: Connections;
  readonly cache: DocumentCache;
  readonly keys: KeySource;
  readonly retry: Retry;
  /** Creates missing database objects; rejects while the database is down. */
  prepare(): Promise<void>;
  close(): Promise<void>;
}

/** Wires the parts together. */
export function compose(settings: Settings, parts: Parts): Service {
  const { timeoutMs } = settings;
  const { keys, verifier } = composeTokens(settings, parts);
  const cache = composeCache(settings, parts);
  const connections = composeConnections(settings, parts);
  const statements = createStatements(connections);
  const retry = parts.retry({ connectionPatienceMs: timeoutMs / 5 });
  const operations = createOperationRunner({
    transactions: parts.transactions(connections),
    retry,
    idempotency: parts.idempotency,
  });
  const database = { statements, operations, idempotency: parts.idempotency };
  const documents = createDocuments({ statements, cache });

  return {
    settings,
    verifier,
    keys,
    cache,
    connections,
    statements,
    retry,
    documents,
    accounts: parts.accounts(database),
    counters: parts.counters(database),
    stock: createStock(database),
    exports: createExports({ documents, spool: parts.spool }),
    reports: createReports({ statements }),
    seeding: createSeeding({ statements, cache }),
    prepare: () => migrate(statements.writing(startBudget(timeoutMs))),
    async close() {
      keys.close();
      cache.close();
      await connections.close();
    },
  };
}

function composeTokens(settings: Settings, parts: Parts): Pick<Service, 'keys' | 'verifier'> {
  const keys = parts.keySource({
    url: settings.jwksUrl,
    timeoutMs: settings.jwksTimeoutMs,
    cooldownMs: settings.jwksCooldownMs,
    maxAgeMs: settings.jwksMaxAgeMs,
    maxStaleMs: settings.jwksMaxStaleMs,
  });
  const verifier = parts.tokenVerifier({
    keys,
    issuer: settings.jwtIssuer,
    audience: settings.jwtAudience,
    clockToleranceMs: settings.clockToleranceMs,
  });
  return { keys, verifier };
}

function composeCache(settings: Settings, parts: Parts): DocumentCache {
  return parts.documentCache({
    url: settings.redisUrl,
    ttlMs: settings.cacheTtlMs,
    commandTimeoutMs: settings.redisTimeoutMs,
    connectTimeoutMs: settings.connectTimeoutMs,
    flights: parts.singleFlight(),
  });
}

function composeConnections(settings: Settings, parts: Parts): Connections {
  const { timeoutMs, statementTimeoutMs, lockTimeoutMs } = settings;
  return parts.connections({
    url: settings.databaseUrl,
    size: settings.poolSize,
    maxWaiting: settings.maxQueue,
    acquireTimeoutMs: Math.ceil(timeoutMs / 2),
    connectTimeoutMs: settings.connectTimeoutMs,
    // Later than the server's own limit, so that the server answers first if it can, and the connection survives.
    answerTimeoutMs: Math.ceil(statementTimeoutMs * 1.25),
    serverSettings: parts.serverSettings({ statementTimeoutMs, lockTimeoutMs }),
  });
}
