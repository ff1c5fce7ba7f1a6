/** Whether this is a CI run, and whose. */
export interface Ci {
  readonly isCi: boolean;
  /** The CI service, where it is a known one. */
  readonly name?: string;
  /** Whether a pull request is being tested, where the service tells. */
  readonly isPullRequest?: boolean;
}

/**
 * Detects CI services by the environment variables of this process as they were at the first call (library ci-info).
 * `CI=false` means: none.
 */
export async function detectCi(): Promise<Ci> {
  const { default: ci } = await import('ci-info');
  return {
    isCi: ci.isCI,
    ...(ci.name === null ? {} : { name: ci.name }),
    ...(ci.isPR === null ? {} : { isPullRequest: ci.isPR }),
  };
}
