/** The machine that a run ran on and the commit that it tested. */
export interface RunPlace {
  /** Names machines that give comparable results: CPUs, memory, platform, and a hash of these and of the CPU model. */
  readonly fingerprint: string;
  readonly platform: string;
  readonly arch: string;
  /** Version of Node.js. */
  readonly node: string;
  readonly cpuModel: string;
  readonly usableCpus: number;
  readonly usableMemoryBytes: number;
  /** Full hash of the commit, where the project is in git. */
  readonly commit?: string;
  readonly branch?: string;
}

/** The line of a record that holds the {@link RunPlace}. Readers that do not know it pass it over. */
export interface PlaceLine extends RunPlace {
  readonly type: 'run-place';
}
