/** A controlled change under which a failed test is run again; each changes one thing. */
export const ARMS = [
  'same again',
  'reference',
  'other seed',
  'time-outs x4',
  'faults off',
  'load x0.5',
  'load x2',
  'load x4',
  'with neighbours',
  'CPU busy',
] as const;

/** Name of an {@link ARMS | arm}. */
export type Arm = (typeof ARMS)[number];

/** Outcome of the runs under one arm that told something. */
export interface ArmResult {
  readonly failed: number;
  readonly runs: number;
  /** Runs during which others overloaded the machine. */
  readonly overloaded: number;
  /** Runs whose failure was a wrong result. */
  readonly wrongData: number;
}
