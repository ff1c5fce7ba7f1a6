/** Position in a source file; line and column are 1-based. */
export interface Location {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * A note on a test, which reporters print. Our own types: `requires`, `inconclusive`, `overloaded`, `quarantine`,
 * `leak`.
 */
export interface Annotation {
  /** What kind it is: `issue`, `skip`, or any word of your own. */
  readonly type: string;
  /** For people. */
  readonly description?: string;
  /** The place in a file that it is about. */
  readonly location?: Location;
}

/** A test as data for reporters and triage. */
export interface TestCase {
  /** Stable over runs and machines: hash of file and title path, as in Playwright. */
  readonly id: string;
  /** The author's id (`C04`), where given. */
  readonly chaosId?: string;
  readonly title: string;
  /** Describe titles, then the title. */
  readonly titlePath: readonly string[];
  readonly location: Location;
  readonly project: string;
  /** The folder below the suites' root, `cache`; for the summary. */
  readonly category: string;
  readonly tags: readonly string[];
  readonly annotations: readonly Annotation[];
  readonly purpose?: string;
  readonly catches: readonly string[];
  readonly requires: readonly string[];
  /** Operations of the target's driver that it calls; absent where it declares none. */
  readonly needs?: readonly string[];
  /** Held exclusively. */
  readonly locks: readonly string[];
  readonly sharedLocks?: readonly string[];
  readonly weight?: Readonly<Record<string, number>>;
  readonly expectedStatus: 'passed' | 'failed' | 'skipped';
  readonly timeoutMs: number;
  readonly retries: number;
  readonly quarantine?: { readonly owner: string; readonly reason: string; readonly expires: string };
}
