/** Result of one check of the machine. */
export interface Check {
  readonly name: string;
  /** `fail`: a run is impossible. `warn`: some tests are skipped, or something needs attention. */
  readonly status: 'ok' | 'warn' | 'fail';
  readonly detail: string;
  /** Instructions for making it `ok`. */
  readonly fix?: string;
}

/** Result of a trial that throws when it fails. */
export function failed(name: string, error: unknown, status: 'warn' | 'fail' = 'fail'): Check {
  const { message, hint } = error as { message?: string; hint?: string };
  return { name, status, detail: message ?? String(error), ...(hint === undefined ? {} : { fix: hint }) };
}
