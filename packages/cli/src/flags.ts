/** Flags that select the configuration, in every command that reads it. */
export interface ConfigFlags {
  readonly config?: string;
  readonly environment?: string;
}

/** Flags that select tests. */
export interface SelectionFlags extends ConfigFlags {
  readonly project?: string[];
  /** False with `--no-deps`. */
  readonly deps?: boolean;
  readonly shard?: string;
  readonly lastFailed?: boolean;
  readonly lastFailedFile?: string;
  readonly tsconfig?: string;
  readonly testList?: string;
  readonly testListInvert?: string;
  readonly onlyChanged?: string | true;
  readonly grep?: string;
  readonly grepInvert?: string;
  readonly json?: boolean;
}

/** The flags of `chaos run`, as commander names them. */
export interface RunFlags extends SelectionFlags {
  readonly workers?: string;
  readonly retries?: string;
  readonly timeout?: string;
  readonly globalTimeout?: string;
  readonly concurrency?: string;
  readonly requestTimeout?: string;
  readonly poolSize?: string;
  readonly loadMultiplier?: string;
  readonly maxInconclusive?: string;
  readonly seed?: string;
  readonly output?: string;
  readonly variant?: string;
  readonly fullyParallel?: boolean;
  readonly repeatEach?: string;
  readonly forbidOnly?: boolean;
  readonly failOnFlakyTests?: boolean;
  readonly shuffle?: string | true;
  readonly until?: string;
  readonly reporter?: readonly string[];
  readonly addReporter?: readonly string[];
  readonly quiet?: boolean;
  readonly maxFailures?: string;
  /** `-x` */
  readonly x?: boolean;
  /** False with `--no-faults`. */
  readonly faults: boolean;
  /** False with `--no-quarantine`. */
  readonly quarantine?: boolean;
  /** False with `--no-history`. */
  readonly history?: boolean;
  readonly list?: boolean;
  readonly verbose?: boolean;
  readonly passWithNoTests?: boolean;
  readonly fleet?: string;
  readonly agents?: string;
  readonly slots?: string;
  readonly lease?: string;
  readonly agentTimeout?: string;
  readonly resume?: string;
}
