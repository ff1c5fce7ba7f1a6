import { startBudget } from '../budget.js';
import type { KeySource } from '../auth/key-source.js';
import type { TokenVerifier } from '../auth/token-verifier.js';
import type { CacheConnection } from '../cache/cache-connection.js';
import { entryDecoder } from '../cache/cache-entry.js';
import type { Cache } from '../domain/cache.js';
import { isDocument, type Document } from '../domain/document.js';
import { areRoles, type Roles } from '../domain/roles.js';
import type { Connections } from '../database/connections.js';
import { migrate } from '../database/migrate.js';
import type { Retry } from '../database/retry.js';
import { createStatements, type Statements } from '../database/statements.js';
import type { Accounts } from '../domain/accounts.js';
import type { Counters } from '../domain/counters.js';
import type { Documents } from '../domain/documents.js';
import { createExports, type Exports } from '../domain/exports/exports.js';
import { createReports, type Reports } from '../domain/reports.js';
import { createSeeding, type Seeding } from '../domain/seeding.js';
import type { Stock } from '../domain/stock.js';
import type { Settings } from '../settings.js';
import { composeFurther, type FurtherService } from './further-parts.js';
import type { Parts } from './parts.js';

/** The service without its HTTP and GraphQL interfaces: the use cases and their dependencies. */
export interface Service extends FurtherService {
  readonly settings: Settings;
  readonly verifier: TokenVerifier;
  readonly accounts: Accounts;
  readonly counters: Counters;
  readonly documents: Documents;
  readonly exports: Exports;
  readonly reports: Reports;
  readonly roles: Roles;
  readonly seeding: Seeding;
  readonly stock: Stock;
  readonly statements: Statements;
  readonly connections: Connections;
  readonly cache: Cache<Document>;
  readonly roleCache: Cache<readonly string[]>;
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
  const { cacheConnection, cache, roleCache } = composeCaches(settings, parts);
  const connections = composeConnections(settings, parts);
  const statements = createStatements(connections);
  const retry = parts.retry({ connectionPatienceMs: timeoutMs / 5 });
  const transactions = parts.transactions(connections);
  const operations = parts.operationRunner({
    transactions,
    retry,
    idempotency: parts.idempotency,
  });
  const database = { statements, operations, idempotency: parts.idempotency };
  const documents = parts.documents({ statements, cache, keyOf: parts.documentKey });

  const further = composeFurther(settings, parts, { ...database, transactions });

  return {
    ...further,
    settings,
    verifier,
    keys,
    cache,
    roleCache,
    connections,
    statements,
    retry,
    documents,
    accounts: parts.accounts(database),
    counters: parts.counters(database),
    stock: parts.stock(database),
    exports: createExports({ documents, spool: parts.spool }),
    reports: createReports({ statements }),
    roles: parts.roles({ statements, cache: roleCache }),
    seeding: createSeeding({ statements, cache, keyOf: parts.documentKey }),
    prepare: () => migrate(statements.writing(startBudget(timeoutMs))),
    async close() {
      keys.close();
      cacheConnection.close();
      await further.closeFurther();
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
  return { keys, verifier: parts.verificationDeadline(verifier, Math.ceil(settings.timeoutMs / 2)) };
}

function composeCaches(
  settings: Settings,
  parts: Parts,
): Pick<Service, 'cache' | 'roleCache'> & { readonly cacheConnection: CacheConnection } {
  const cacheConnection = parts.cacheConnection({
    url: settings.redisUrl,
    commandTimeoutMs: settings.redisTimeoutMs,
    connectTimeoutMs: settings.connectTimeoutMs,
  });
  const shared = {
    connection: cacheConnection,
    notFoundTtlMs: settings.notFoundTtlMs,
    flights: parts.singleFlight(),
  };
  return {
    cacheConnection,
    cache: parts.documentCache({
      ...shared,
      namespace: 'document',
      ttlMs: settings.cacheTtlMs,
      decode: entryDecoder(isDocument),
    }),
    roleCache: parts.roleCache({
      ...shared,
      namespace: 'roles',
      ttlMs: settings.roleTtlMs,
      decode: entryDecoder(areRoles),
    }),
  };
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
