import { TimingFile } from '@chaos/record';
import { serializeError } from '../../data/serialize-error.js';
import { Feeding } from '../../dispatch/feeding.js';
import type { Results } from '../../dispatch/results.js';
import type { FedUnit, Feed } from '../../elsewhere.js';
import { planJobChains, type JobChain } from '../../plan/job-chains.js';
import { alone } from '../../plan/claims.js';
import { limitWorkers } from '../../plan/limit-workers.js';
import type { PlannedTest } from '../../plan/planned-test.js';
import type { RunOptions } from '../../run-options.js';
import type { Plan } from '../loading/load-plan.js';

/** The plan of a run that is fed: made elsewhere, of the same files, so nothing is searched or loaded here. */
export function fedPlan({ plan }: Feed, { config, lastRunFile }: RunOptions): Plan {
  return {
    tests: plan.tests as readonly PlannedTest[],
    selection: { count: plan.tests.length, isEmptyShard: false, isUnchanged: false, unmatched: [] },
    projects: new Set(config.runner.projects),
    slotFixtures: new Map(Object.entries(plan.slotFixtures)) as Plan['slotFixtures'],
    errors: [],
    problems: [],
    timingFile: new TimingFile(config.runner.outputDir, lastRunFile),
    importedBy: new Map(),
  };
}

/** Asks the feed for units; their tests are planned when they come. */
export function feedingOf(feed: Feed, plan: Plan, results: Results): Feeding {
  const chainsOf = chainsOfUnit(plan);
  return new Feeding(
    feed,
    (unit) => {
      const chains = chainsOf(unit);
      results.plan(chains.flatMap(({ jobs }) => jobs.flatMap(({ tests }) => tests)));
      return chains;
    },
    (error) => results.error(serializeError(error)),
  );
}

function chainsOfUnit(plan: Plan): (unit: FedUnit) => JobChain[] {
  const byId = new Map(plan.tests.map((test) => [test.id, test]));
  return (unit) => {
    const tests = unit.ids.map((id) => {
      const test = byId.get(id);
      if (test === undefined) throw new Error(`Cannot run a unit: the plan has no test ${id}`);
      return test;
    });
    const chains = planJobChains(tests, (name) => plan.slotFixtures.get(name) ?? {});
    return limitWorkers(chains, [...plan.projects]).map((chain) => ({
      ...chain,
      unit,
      jobs: unit.alone ? chain.jobs.map((job) => ({ ...job, claims: alone(job.claims) })) : chain.jobs,
    }));
  };
}
