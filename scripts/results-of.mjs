import { existsSync, readFileSync } from 'node:fs';

/**
 * Reads `results.json` of a run of ours: `{ passed, failures, notOk }`, the failures as titles; `notOk` are these and
 * what was skipped, by missing evidence too. A flaky test counts as passed. `undefined` if there is no such file.
 */
export function resultsOf(file) {
  if (!existsSync(file)) return undefined;
  const { suites, stats } = JSON.parse(readFileSync(file, 'utf8'));
  const tests = suites.flatMap((suite) => testsOf(suite, []));
  const named = (statuses) =>
    tests
      .filter(({ status }) => statuses.includes(status))
      .map(({ title, status }) => (status === 'unexpected' ? title : `${title} (${status})`));
  return {
    passed: stats.expected + stats.flaky,
    failures: named(['unexpected']),
    notOk: named(['unexpected', 'skipped']),
  };
}

function testsOf({ title, specs, suites = [] }, above) {
  const path = [...above, title];
  return [
    ...specs.flatMap((spec) => spec.tests.map(({ status }) => ({ title: [...path, spec.title].join(' › '), status }))),
    ...suites.flatMap((suite) => testsOf(suite, path)),
  ];
}
