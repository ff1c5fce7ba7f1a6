import type { Findings } from '../findings.js';
import type { TransactionLog } from '../log/transaction-log.js';
import type { Versions } from '../log/versions.js';

/** Words for a write of one version: `append of 5 to x`. */
export type WriteWords = (step: number) => string;

/** The writes and reads, and the collection that findings go to. */
export interface ReadEvidence {
  readonly log: TransactionLog;
  readonly versions: Versions;
  readonly findings: Findings;
  readonly words: WriteWords;
  /** The distance of versions under an assumption that a level below read atomic does not share. */
  readonly assumed?: Versions['distance'];
}
