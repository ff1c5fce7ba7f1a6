/** Detected CI run, and its service. */
export interface Ci {
  readonly isCi: boolean;
  /** Name of the CI service, if it is a known one. */
  readonly name?: string;
  /** True if a pull request is tested; absent if the service does not say. */
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
