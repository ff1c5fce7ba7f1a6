/** Exit codes of the `chaos` command. */
export const ExitCode = {
  passed: 0,
  /**
   * A test failed or did not run, something failed outside of tests, no test was found, `chaos check` found a
   * violation, or `chaos driver check` an operation that does not end `ok`.
   */
  failed: 1,
  /** Wrong command line or configuration. */
  usage: 2,
  /** The environment could not be set up, or `chaos driver check` could not start the program. */
  environment: 3,
  /** `chaos check`: the history neither shows nor rules out a violation. */
  unknown: 4,
  /** Ended by SIGINT, after healing and reporting. */
  interrupted: 130,
  /** Ended by SIGTERM (or the death of npx, pnpm or sh above), after healing and reporting. */
  terminated: 143,
} as const;

/** One of {@link ExitCode}'s values. */
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
