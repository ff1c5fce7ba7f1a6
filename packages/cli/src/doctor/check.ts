/** What one look at the machine came to. */
export interface Check {
  readonly name: string;
  /** `fail`: a run cannot be had. `warn`: some tests are skipped, or something should be seen to. */
  readonly status: 'ok' | 'warn' | 'fail';
  readonly detail: string;
  /** How to make it `ok`. */
  readonly fix?: string;
}

/** The outcome of a trial that throws when it fails. */
export function failed(name: string, error: unknown, status: 'warn' | 'fail' = 'fail'): Check {
  const { message, hint } = error as { message?: string; hint?: string };
  return { name, status, detail: message ?? String(error), ...(hint === undefined ? {} : { fix: hint }) };
}
