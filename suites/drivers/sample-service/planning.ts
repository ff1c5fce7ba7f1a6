import type { JobRun, PlanningOperations, Reservation } from '../operations/planning.js';
import type { InDriver } from '../operations.js';
import { call, get } from './call.js';

const at = (...parts: readonly string[]): string => parts.map((part) => `/${encodeURIComponent(part)}`).join('');

/** Rosters, reservations, jobs, settlements, digests and batches of the sample service. */
export const planning: InDriver<PlanningOperations> = {
  onDuty: async (context, team, options) =>
    (await get<{ people: string[] }>(context, at('duties', team), options)).people,
  join: (context, team, person, options) =>
    call(context, 'POST', at('duties', team, person, 'join'), undefined, options),
  leave: (context, team, person, options) =>
    call(context, 'POST', at('duties', team, person, 'leave'), undefined, options),
  reservations: async (context, room, options) =>
    (await get<{ reservations: Reservation[] }>(context, at('reservations', room), options)).reservations,
  reserve: (context, room, first, last, options) =>
    call(context, 'POST', '/reservations', { room, first, last }, options),
  runJob: (context, job, ms, options) => call<JobRun>(context, 'POST', at('jobs', job, 'runs'), { ms }, options),
  jobRuns: async (context, job, options) =>
    (await get<{ runs: JobRun[] }>(context, at('jobs', job, 'runs'), options)).runs,
  settle: (context, name, ms, options) => call(context, 'POST', at('settlements', name), { ms }, options),
  settlementTable: async (_context, name) => ({
    table: 'settlements',
    sequence: 'settlement_fence',
    lease: `lease:${name}`,
  }),
  digests: (context, texts, rounds, options) => call(context, 'POST', '/digests', { texts, rounds }, options),
  transferAll: async (context, orders, options) =>
    (
      await call<{ results: { made: boolean; code?: string }[] }>(
        context,
        'POST',
        '/transfers/batch',
        { orders },
        options,
      )
    ).results,
  graphql: (context, query, options) => call(context, 'POST', '/graphql', { query }, options),
  limits: async (_context, { requests }) => (requests === undefined ? {} : { MAX_QUEUE: String(requests) }),
};
