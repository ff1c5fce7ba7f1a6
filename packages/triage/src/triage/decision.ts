/** The four causes of a failure. */
export type Tag = 'TUNING_NEEDED' | 'POTENTIAL_BUG' | 'ENVIRONMENT' | 'TEST_DESIGN';

/** The cause of one failure, as far as the evidence tells it. */
export interface Decision {
  readonly tag: Tag;
  /** 0…1. */
  readonly confidence: number;
  /** A clause for people. */
  readonly because: string;
  /** Lines of evidence, the strongest first. */
  readonly evidence: readonly string[];
}
