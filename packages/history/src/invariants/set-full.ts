import { describeOperation } from '../describe/describe-operation.js';
import type { History } from '../history.js';
import { invokedAt } from '../describe/moment.js';
import type { Operation } from '../operation.js';
import type { Verdict } from '../verdict.js';
import { addedElements, type AddedElement } from './added-elements.js';
import { createFindings, type Findings } from './findings.js';
import { listValues, plural } from './list-values.js';
import { judgeElements } from './read-elements.js';

/** Options of {@link checkSetFull}. */
export interface SetFullOptions {
  /**
   * True if an element must be in every read after its acknowledgement, so that a late one is an anomaly. Default
   * false.
   */
  readonly linearizable?: boolean;
}

interface Sighting {
  readonly added: AddedElement;
  /** Position from which on it is known to be in: acknowledged, or read. */
  known: number;
  /** Of the reads with it, and of those without it, the one that was invoked last. */
  present: Operation | undefined;
  absent: Operation | undefined;
}

/**
 * A set that only grows, judged by all its reads: an element is lost where it was acknowledged or read, and the last
 * read that began after that lacks it; stale where it was missing after that and came back. Linear in the sizes of the
 * reads. Source: Jepsen's set-full, whose detection of duplicates never fires; here it does.
 */
export function checkSetFull(history: History, options: SetFullOptions = {}): Verdict {
  const { linearizable } = { linearizable: false, ...options };
  const findings = createFindings('set-full', history);
  const added = addedElements(history.operations, 'add');
  const reads = history.operations
    .filter(({ f, type }) => f === 'read' && type === 'ok')
    .toSorted((a, b) => b.invoked - a.invoked);
  const { lost, stale, stable, neverRead } = sortOut(sightingsOf(reads, added, findings));
  tell('lost-element', 'lost', lost);
  if (linearizable) tell('stale-read', 'missing for a time', stale);
  const figures = { reads: reads.length, stable, lost: lost.length, stale: stale.length, neverRead };
  return findings.verdict(figures, stable === 0 ? 'no element was added and read' : undefined);

  function tell(type: string, what: string, all: readonly Sighting[]): void {
    const [first] = all;
    if (first === undefined) return;
    const evidence = [first.added.ok ?? first.added.attempts[0], first.absent, first.present].filter(
      (one) => one !== undefined,
    );
    const example = `first: ${describeOperation(evidence[0] as Operation)}, missing from the read at ${invokedAt(first.absent as Operation)}`;
    findings.add(
      type,
      `${plural(all.length, 'element')} ${what}: ${listValues(all.map((one) => one.added.element))}; ${example}`,
      evidence,
    );
  }
}

// From the last read back. An element that was in all reads so far is in `open`: a read settles those that it lacks,
// and they leave.
function sightingsOf(
  reads: readonly Operation[],
  added: ReadonlyMap<unknown, AddedElement>,
  findings: Findings,
): readonly Sighting[] {
  const sightings = new Map<unknown, Sighting>();
  for (const [id, one] of added) {
    if (one.attempts.length === 0) continue;
    sightings.set(id, { added: one, known: one.ok?.completed ?? Infinity, present: undefined, absent: undefined });
  }
  const open = new Set(sightings.keys());
  for (const read of reads) {
    const present = judgeElements(read, added, findings);
    for (const id of present) {
      const sighting = sightings.get(id);
      if (sighting === undefined) continue;
      sighting.present ??= read;
      sighting.known = Math.min(sighting.known, read.completed);
    }
    for (const id of open) {
      if (present.has(id)) continue;
      (sightings.get(id) as Sighting).absent = read;
      open.delete(id);
    }
  }
  return [...sightings.values()];
}

interface Sorted {
  readonly lost: readonly Sighting[];
  readonly stale: readonly Sighting[];
  readonly stable: number;
  readonly neverRead: number;
}

function sortOut(sightings: readonly Sighting[]): Sorted {
  const lost: Sighting[] = [];
  const stale: Sighting[] = [];
  let stable = 0;
  let neverRead = 0;
  for (const sighting of sightings) {
    const { known, present, absent } = sighting;
    if (known === Infinity) continue;
    const missed = absent !== undefined && absent.invoked > known;
    if (missed && (present === undefined || present.invoked < absent.invoked)) lost.push(sighting);
    else if (present === undefined) neverRead++;
    else {
      stable++;
      if (missed) stale.push(sighting);
    }
  }
  return { lost, stale, stable, neverRead };
}
