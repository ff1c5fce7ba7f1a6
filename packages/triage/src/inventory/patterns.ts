import { firstError } from '../triage/suspect.js';
import type { Explained } from './explained.js';

/** Something that several failures have in common. */
export interface Pattern {
  readonly kind: 'error' | 'fault' | 'phase' | 'cause' | 'category';
  readonly value: string;
  readonly tests: readonly string[];
}

/** What at least two failures, and not merely all there are, have in common; the most frequent first. */
export function patternsOf(explained: readonly Explained[]): readonly Pattern[] {
  const groups = new Map<string, { pattern: Omit<Pattern, 'tests'>; tests: Set<string> }>();
  const add = (kind: Pattern['kind'], value: string | undefined, test: string): void => {
    if (value === undefined || value === '') return;
    const key = `${kind}\n${value}`;
    const group = groups.get(key) ?? { pattern: { kind, value }, tests: new Set<string>() };
    groups.set(key, group);
    group.tests.add(test);
  };
  for (const { suspect, decision } of explained) {
    const { test } = suspect.data;
    const name = test.chaosId ?? test.title;
    add('error', shapeOf(firstError(suspect)?.message), name);
    for (const fault of suspect.failure.faults) add('fault', fault.name, name);
    add('phase', suspect.failure.phases.toSorted((a, b) => b.durationMs - a.durationMs)[0]?.name, name);
    add('cause', decision.tag, name);
    add('category', test.category, name);
  }
  return [...groups.values()]
    .filter(({ tests }) => tests.size > 1)
    .map(({ pattern, tests }) => ({ ...pattern, tests: [...tests] }))
    .sort((a, b) => b.tests.length - a.tests.length);
}

// The same error has other numbers and ids each time.
function shapeOf(message: string | undefined): string | undefined {
  return message
    ?.split('\n')[0]
    ?.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '<id>')
    .replaceAll(/\d+(?:\.\d+)?/g, '<n>')
    .slice(0, 120);
}
