import type { ProjectConfig } from '@chaos/spec';
import type { Dispatching } from '../dispatch/dispatcher-options.js';
import type { Results } from '../dispatch/results.js';
import type { SharedEnvironment } from '../dispatch/shared-environment.js';
import { Stress } from '../dispatch/stress.js';
import { planJobChains, type JobChain } from '../plan/job-chains.js';
import { limitWorkers } from '../plan/limit-workers.js';
import { orderChains } from '../plan/order.js';
import { blockersOf, isSupport, isTeardown, planPhases } from '../plan/phases.js';
import type { PlannedTest } from '../plan/planned-test.js';
import type { WorkerPool } from '../processes/workers/worker-pool.js';
import type { RunOptions } from '../run-options.js';
import type { Plan } from './loading/load-plan.js';

/** The chains of jobs of some projects, within their numbers of workers. */
export type ChainsOf = (projects: readonly ProjectConfig[]) => JobChain[];

/** Divides the runnable tests of a plan into chains. */
export function chainsOfProjects(plan: Plan, runnable: readonly PlannedTest[]): ChainsOf {
  return (projects) =>
    limitWorkers(
      planJobChains(
        runnable.filter((test) => projects.some(({ name }) => name === test.project)),
        (name) => plan.slotFixtures.get(name) ?? {},
      ),
      projects,
    );
}

/** What the phases of a run share. */
export interface Phases {
  readonly plan: Plan;
  readonly options: Pick<RunOptions, 'config' | 'shuffle' | 'until'>;
  readonly chainsOf: ChainsOf;
  readonly dispatcher: Dispatching;
  readonly results: Results;
  readonly workers: WorkerPool;
  readonly environment: SharedEnvironment;
}

/**
 * Runs the phases of a plan one after the other: first the projects that others depend on. With `until`, the tests of
 * the other projects are repeated.
 */
export async function runPhases(run: Phases): Promise<void> {
  const { plan, chainsOf, dispatcher, results, workers, environment } = run;
  const { config, shuffle, until } = run.options;
  const stresses: Stress[] = [];
  const phases = planPhases(plan.projects);
  for (const [index, { projects }] of phases.entries()) {
    const ready = projects.filter((project) => !skipBlocked(project, plan, results));
    const repeated = new Set(until ? ready.filter(({ name }) => !isSupport(name, plan.projects)) : []);
    const stress = until && new Stress(until, chainsOf([...repeated]), config.runner.globalTimeoutMs);
    if (stress) stresses.push(stress);
    const ordered = (some: readonly ProjectConfig[]): JobChain[] =>
      orderChains(chainsOf(some), { timings: plan.timingFile.timings, shuffle, workers: config.runner.workers });
    const once = ready.filter((project) => !repeated.has(project));
    if (dispatcher.stopReason === undefined) await dispatcher.run(ordered(once), stress);
    else await dispatcher.runTeardown(ordered(once.filter(({ name }) => isTeardown(name, plan.projects))));
    // Environment changes of a project are for the projects that depend on it.
    if (index < phases.length - 1) await environment.collect(workers.alive());
  }
  for (const text of stresses.flatMap((stress) => stress.failing())) results.note(text);
  for (const message of stresses.flatMap((stress) => stress.undecided())) results.error({ message });
}

// A project whose dependency failed does not run; a teardown always runs.
function skipBlocked(project: ProjectConfig, plan: Plan, results: Results): boolean {
  const failed = blockersOf(project, [...plan.projects]).find(({ name }) => results.hasFailed(name));
  if (!failed) return false;
  for (const { id, project: name } of plan.tests)
    if (name === project.name) results.skip(id, `the project "${failed.name}", which it depends on, failed`, true);
  return true;
}
