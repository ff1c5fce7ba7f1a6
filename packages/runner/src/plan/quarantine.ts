import { relative } from 'node:path';
import type { ResolvedConfig, RunnerConfig, SerializedError } from '@chaos/spec';
import type { PlannedTest } from './planned-test.js';

type Quarantine = RunnerConfig['quarantine'] & object;
type Entry = Quarantine['entries'][number];

/** Tests, some in quarantine, and problems of the quarantine, which fail the run without stopping it. */
export interface Quarantined {
  readonly tests: readonly PlannedTest[];
  readonly problems: readonly SerializedError[];
}

/**
 * Marks the tests that the quarantine file names by the author's id, by Playwright's id, or by `file › titles`. An
 * expired entry no longer counts. `whole`: `tests` are all tests there are; then an entry that matches none is wrong.
 */
export function quarantine(
  tests: readonly PlannedTest[],
  { rootDir, runner }: Pick<ResolvedConfig, 'rootDir' | 'runner'>,
  nowMs: number,
  whole: boolean,
): Quarantined {
  if (!runner.quarantine) return { tests, problems: [] };
  const { cap, entries, file } = runner.quarantine;
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const met = new Set<Entry>();
  const marked = tests.map((test) => {
    const path = relative(rootDir, test.file).replaceAll('\\', '/');
    const entry =
      byId.get(test.chaosId ?? '') ??
      byId.get(test.id) ??
      byId.get(test.declaredId) ??
      byId.get([path, ...test.titlePath].join(' › '));
    if (!entry) return test;
    met.add(entry);
    return isExpired(entry, nowMs) ? test : put(test, entry);
  });
  const shown = relative(rootDir, file);
  const problems: SerializedError[] = [...met]
    .filter((entry) => isExpired(entry, nowMs))
    .map(({ id, owner, reason, expires, place }) => ({
      message: `The quarantine of "${id}" expired on ${expires} (${place}): ${owner} was to see to it: ${reason}`,
      hint: `Mend the test, or give it more time in ${shown}.`,
    }));
  if (entries.length > cap)
    problems.push({
      message: `Too many tests are in quarantine: ${entries.length}, allowed are ${cap} (${shown})`,
      hint: 'Mend some of them first.',
    });
  if (whole)
    problems.push(
      ...entries
        .filter((entry) => !met.has(entry))
        .map(({ id, place }) => ({
          message: `No test is called "${id}", which is in quarantine (${place})`,
          hint: `Remove it from ${shown}, or correct it: the id of its details, the test's id in the reports, or "file › group › title".`,
        })),
    );
  return { tests: marked, problems };
}

// A known failure is not retried: that costs time and proves nothing.
function put(test: PlannedTest, { owner, reason, expires }: Entry): PlannedTest {
  return {
    ...test,
    quarantine: { owner, reason, expires },
    retries: 0,
    retryPolicy: { ...test.retryPolicy, count: 0 },
  };
}

// The last day counts until it has ended everywhere (UTC-12).
function isExpired({ expires }: Entry, nowMs: number): boolean {
  return nowMs >= Date.parse(`${expires}T23:59:59.999-12:00`);
}
