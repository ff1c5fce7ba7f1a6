import { createRandom, type Random } from '@chaos/stats';
import type { PlannedTest } from './planned-test.js';

/**
 * The tests of each file in a random order repeatable by seed: groups stay together, and serial ones keep their order,
 * too.
 */
export function shuffleTests(tests: readonly PlannedTest[], seed: string): readonly PlannedTest[] {
  return group(tests, fileKey).flatMap((ofFile) =>
    shuffleLevel(ofFile, 0, createRandom(seed, 'shuffle', fileKey(ofFile[0] as PlannedTest))),
  );
}

// The seed and a machine-independent name of the file decide, not the order in which files were found.
function fileKey({ id, project, repeatEachIndex }: PlannedTest): string {
  return `${id.slice(0, 20)} ${project} ${repeatEachIndex}`;
}

function shuffleLevel(tests: readonly PlannedTest[], depth: number, random: Random): readonly PlannedTest[] {
  const groups = group(tests, (test) =>
    test.serial !== undefined
      ? `serial ${test.serial}`
      : test.titlePath.length > depth + 1
        ? `group ${test.titlePath[depth]}`
        : `test ${test.id}`,
  );
  return random
    .shuffle(groups)
    .flatMap((each) =>
      each.length === 1 || each[0]?.serial !== undefined ? each : shuffleLevel(each, depth + 1, random),
    );
}

function group(tests: readonly PlannedTest[], key: (test: PlannedTest) => string): PlannedTest[][] {
  const groups = new Map<string, PlannedTest[]>();
  for (const test of tests) {
    const name = key(test);
    const members = groups.get(name);
    if (members) members.push(test);
    else groups.set(name, [test]);
  }
  return [...groups.values()];
}
