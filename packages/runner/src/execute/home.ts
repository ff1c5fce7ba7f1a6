/** The network namespace of a slot, with a way for workers to enter it. */
export interface Home {
  /** Wraps a command so that it runs there. */ enter(argv: readonly string[]): readonly [string, ...string[]];
}
