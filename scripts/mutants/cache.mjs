/** Small changes to the cache. */
export const cache = [
  {
    name: 'short-leases',
    near: ['cache/stampede', 'cache/invalidation-storm', 'cache/refilled-cache'],
    file: 'cache/cache-session.ts',
    from: 'LEASE_TTL_MS = 10_000',
    to: 'LEASE_TTL_MS = 3',
  },
  {
    name: 'lease-survives-invalidation',
    near: ['cache/read-your-writes', 'cache/invalidation-storm'],
    file: 'cache/cache-session.ts',
    from: 'await redis.del(valueOf(key), leaseOf(key));',
    to: 'await redis.del(valueOf(key));',
  },
  {
    name: 'reads-with-get',
    near: ['cache/corrupted-values'],
    file: 'cache/cache-session.ts',
    from: 'const [text = null] = await redis.mget(valueOf(key));\n      return text;',
    to: 'return redis.get(valueOf(key));',
  },
  {
    name: 'not-found-lives-long',
    near: ['cache/created-after-not-found'],
    file: 'cache/versioned-cache.ts',
    from: 'value === undefined ? notFoundTtlMs : ttlMs',
    to: 'ttlMs',
  },
  {
    name: 'key-of-entry-not-compared',
    near: ['cache/tenants', 'cache/corrupted-values'],
    file: 'cache/cache-entry.ts',
    from: 'if (entry?.key !== key || entry.value === undefined)',
    to: 'if (entry?.value === undefined || key === undefined)',
  },
  {
    name: 'flight-forgotten-first',
    near: ['cache/read-your-writes', 'cache/invalidation-storm', 'cache/linearizable-document'],
    file: 'cache/versioned-cache.ts',
    from: '      const session = connection.session();\n      const delivered',
    to: '      flights.forget(key);\n      const session = connection.session();\n      const delivered',
    and: [
      {
        from: '      // Do this last: a load that started earlier may have seen the old value.\n      flights.forget(key);\n',
        to: '',
      },
    ],
    equivalent:
      'DEL is sent in the same turn, and Redis answers the commands of a connection in order: no later look sees the old value',
  },
  {
    name: 'reads-undelivered-keys',
    near: ['cache/lost-invalidation', 'cache/full-redis', 'cache/read-only-redis'],
    file: 'cache/versioned-cache.ts',
    from: 'undelivered.has(key) ? undefined : connection.session()',
    to: 'connection.session()',
    equivalent: 'the session is distrusted in the same turn, and the next one is used only when it has delivered',
  },
  {
    name: 'failed-flights-stay',
    near: ['network/refused-connections'],
    file: 'cache/single-flight.ts',
    from: 'load().finally(() => {\n        if (flights.get(key) === flight) flights.delete(key);\n      });',
    to: 'load().then((value) => {\n        if (flights.get(key) === flight) flights.delete(key);\n        return value;\n      });',
  },
  {
    name: 'flights-not-compared',
    near: ['cache/stampede', 'cache/read-your-writes'],
    file: 'cache/single-flight.ts',
    from: 'if (flights.get(key) === flight) flights.delete(key);',
    to: 'flights.delete(key);',
    equivalent:
      'a flight that a write overtook ends the sharing of its successor: one load more for a write, which C02 allows',
  },
  {
    name: 'broken-connection-kept',
    near: ['cache/stopped-redis', 'cache/slow-redis', 'cache/reset-connections'],
    file: 'cache/cache-connection.ts',
    from: '      current = undefined;\n      redis?.disconnect(true);\n',
    to: '      current = undefined;\n',
  },
  {
    name: 'run-of-server-ignored',
    file: 'cache/cache-session.ts',
    from: 'const valueOf = (key: string): string => `value:${runId}:${key}`;',
    to: 'const valueOf = (key: string): string => `value:${key}`;',
    equivalent: 'Redis of these suites keeps nothing over a restart, so a new run has no value of another one',
  },
  {
    name: 'invalidation-forgotten-when-unknown',
    near: ['database/unknown-commit'],
    file: 'domain/documents.ts',
    from: 'return written as Document;\n      } finally {',
    to: 'await cache.invalidate(keyOf({ tenant, id }));\n        return written as Document;\n      } finally {',
    and: [
      {
        from: '        // Invalidate after a failure, too: the write may have happened without an answer.\n        await cache.invalidate(keyOf({ tenant, id }));\n',
        to: '',
      },
    ],
  },
];
