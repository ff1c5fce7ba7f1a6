/** The network namespace of a slot, as its workers get into it. */
export interface Home {
  /** The command, run there. */ enter(argv: readonly string[]): readonly [string, ...string[]];
}
