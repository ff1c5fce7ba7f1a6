import { verdictOf, type RunRecord, type TestRecord, type Verdict } from '@chaos/record';

/** The tests of a run by what they came to, in the order of the run. */
export function byVerdict(run: RunRecord): ReadonlyMap<Verdict, readonly TestRecord[]> {
  const groups = new Map<Verdict, TestRecord[]>();
  for (const record of run.tests.values()) {
    const verdict = verdictOf(record);
    const group = groups.get(verdict);
    if (group === undefined) groups.set(verdict, [record]);
    else group.push(record);
  }
  return groups;
}
