import type { Load, Random, SuiteTarget } from '../drivers/index.js';
import { createTextLog, type TextLog } from './text-log.js';

/** The answer to a step: whether the text that it found may be there. */
export interface Seen {
  readonly id: string;
  readonly text: string;
  readonly isCurrent: boolean;
}

/** Reads and writes of some documents by many sessions; none may read what was overwritten before it asked. */
export interface DocumentStorm {
  readonly load: Pick<Parameters<Load['closed']>[0], 'concurrency'> & {
    readonly run: (context: { readonly random: Random }) => Promise<Seen>;
    readonly right: (seen: Seen) => boolean;
  };
  /** Number of writes that were acknowledged. */
  writes(): number;
  reads(): number;
}

/** A storm over `ids`, of which `writeShare` writes. */
export function documentStorm(
  target: SuiteTarget,
  {
    ids,
    writeShare,
    concurrency,
  }: { readonly ids: readonly string[]; readonly writeShare: number; readonly concurrency: number },
): DocumentStorm {
  const logs = new Map<string, TextLog>(ids.map((id) => [id, createTextLog()]));
  let [reads, writes] = [0, 0];
  return {
    load: {
      concurrency,
      async run({ random }) {
        const id = random.pick(ids);
        const log = logs.get(id) as TextLog;
        // One writer of a document at a time: then it is certain which text is the old one.
        if (random.next() < writeShare && !log.isBusy()) {
          const text = `of ${id}: ${random.integer(0, 1_000_000_000)} of ${writes}`;
          await log.written(text, target.write(id, text));
          writes += 1;
          return { id, text, isCurrent: true };
        }
        const seen = await log.read(target.read(id));
        reads += 1;
        return { id, ...seen };
      },
      right: ({ isCurrent }) => isCurrent,
    },
    writes: () => writes,
    reads: () => reads,
  };
}
