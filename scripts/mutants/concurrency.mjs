/** Small changes to what many do at the same time. */
export const concurrency = [
  {
    name: 'last-piece-not-sold',
    file: 'domain/stock.ts',
    from: 'if (Number(row.quantity) < quantity)',
    to: 'if (Number(row.quantity) <= quantity)',
  },
  {
    name: 'answer-of-key-not-stored',
    file: 'database/idempotency.ts',
    from: '[key, JSON.stringify(answer)]',
    to: "[key, 'null']",
  },
  {
    name: 'job-lock-is-shared',
    file: 'exclusive/jobs.ts',
    from: 'pg_try_advisory_xact_lock(hashtext($1))',
    to: 'pg_try_advisory_xact_lock_shared(hashtext($1))',
  },
  {
    name: 'last-day-is-free',
    file: 'planning/reservations.ts',
    from: 'first <= $3 AND last >= $2',
    to: 'first < $3 AND last > $2',
  },
  {
    name: 'counts-who-leaves',
    file: 'planning/rosters.ts',
    from: 'person <> $2 LIMIT 1',
    to: '(person <> $2 OR true) LIMIT 1',
  },
  {
    name: 'aborted-requests-stay-in-progress',
    file: 'http/load-shedding.ts',
    from: "reply.raw.once('close',",
    to: "reply.raw.once('finish',",
  },
  {
    name: 'lease-of-others-released',
    file: 'exclusive/leases.ts',
    from: "if redis.call('GET', KEYS[1]) == ARGV[1] then return",
    to: "if redis.call('GET', KEYS[1]) then return",
  },
  {
    name: 'same-fence-stored-twice',
    file: 'exclusive/settlements.ts',
    from: 'WHERE settlements.fence < excluded.fence',
    to: 'WHERE settlements.fence <= excluded.fence',
    equivalent: 'a sequence draws the fences, so no two holders have the same',
  },
  {
    name: 'deadlocks-not-counted-as-conflicts',
    file: 'database/database-error.ts',
    from: "if (code === '40P01') return 'deadlock';",
    to: "if (code === '40P01') return 'other';",
  },
  {
    name: 'increment-reads-first',
    file: 'domain/counters.ts',
    from: 'DO UPDATE SET value = counters.value + excluded.value RETURNING value',
    to: 'DO UPDATE SET value = (SELECT value FROM counters WHERE name = $1) + excluded.value RETURNING value',
  },
];
