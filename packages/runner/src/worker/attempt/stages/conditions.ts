import type { Body, ModifierNode, SuiteNode } from '../../../declare/suite.js';
import { parameterNames } from '../../../fixtures/parameters.js';
import { closure, type Pool } from '../../../fixtures/pool.js';
import type { TimeBudget } from '../../time/clock.js';
import type { Running } from '../running.js';
import { setUp } from './set-up.js';
import { conditionStage } from './stages.js';

/** True for a condition that is the same for all tests of its suite: it names no fixture of a test. */
export function isOfSuite({ condition, location }: ModifierNode, { fixtures }: Pool): boolean {
  if (!condition) return false;
  const needed = closure(parameterNames(condition, location), { fixtures, auto: [] }, location);
  return needed.every(({ scope }) => scope !== 'test');
}

/** Evaluates a condition of `skip`, `fixme`, `fail` or `slow`, with the fixtures that it names. */
export async function applies(run: Running, modifier: ModifierNode, budget: TimeBudget): Promise<boolean> {
  const { condition } = modifier;
  return (
    condition !== undefined && conditionStage(run.info, modifier, () => evaluate(run, modifier, condition, budget))
  );
}

async function evaluate(
  run: Running,
  { type, location }: ModifierNode,
  condition: Body,
  budget: TimeBudget,
): Promise<boolean> {
  const names = parameterNames(condition, location);
  await setUp(run, names, budget);
  const values = run.scope.values(names, run.pool);
  const onTimeout = (ms: number): string => `"${type}" modifier timeout of ${ms}ms exceeded.`;
  return run.clock.run({ name: 'modifiers', budget, onTimeout }, async () =>
    Boolean(await condition(values, run.info)),
  );
}

/** Applies the conditions of a suite that name fixtures of the test. */
export async function applyConditions(run: Running, suite: SuiteNode, budget: TimeBudget): Promise<void> {
  for (const modifier of suite.modifiers) {
    if (!modifier.condition || isOfSuite(modifier, run.pool)) continue;
    run.info[modifier.type](await applies(run, modifier, budget), modifier.description);
  }
}
