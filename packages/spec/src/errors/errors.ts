import type { ErrorCode } from './error-code.js';

/** Parts of a {@link ChaosError}: the fix in one sentence, typed evidence as plain data, and the cause. */
export interface ChaosErrorOptions {
  readonly hint?: string;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/**
 * A domain failure with a stable `code` (misuse is a `TypeError` or `RangeError`). Message: what could not be done, the
 * current value; the fix is the `hint`.
 */
export class ChaosError extends Error {
  /** Its kind, for programs: docs/reference/errors.md has them all. */
  readonly code: ErrorCode;
  /** Advice on what to do about it. */
  readonly hint: string | undefined;
  /** Its subject, as plain data. */
  readonly data: Readonly<Record<string, unknown>>;
  /** True for errors of any copy of this package. */
  readonly isChaosError = true;

  constructor(code: ErrorCode, message: string, options: ChaosErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.name = 'ChaosError';
    this.code = code;
    this.hint = options.hint;
    this.data = options.data ?? {};
  }
}

/** True for a {@link ChaosError} of any copy of this package, optionally of one code. */
export function isChaosError(error: unknown, code?: ErrorCode): error is ChaosError {
  try {
    return (
      typeof error === 'object' &&
      error !== null &&
      'isChaosError' in error &&
      (code === undefined || (error as ChaosError).code === code)
    );
  } catch {
    // Reading a thrown value may throw, too (a revoked proxy).
    return false;
  }
}

/**
 * Wrong data, a lost write, an accepted bad token: no retry clears it, it is never flaky, never tuning. Code
 * `INVARIANT_VIOLATION`.
 */
export class InvariantViolation extends ChaosError {
  constructor(message: string, options: ChaosErrorOptions = {}) {
    super('INVARIANT_VIOLATION', message, options);
    this.name = 'InvariantViolation';
  }
}

/**
 * The machine lacks what a test needs: it is skipped with this reason; `hint` says how to get it. Code
 * `CAPABILITY_MISSING`.
 */
export class CapabilityMissing extends ChaosError {
  constructor(capability: string, reason: string, options: ChaosErrorOptions = {}) {
    super('CAPABILITY_MISSING', `Cannot use ${capability}: ${reason}`, {
      ...options,
      data: { ...options.data, capability },
    });
    this.name = 'CapabilityMissing';
  }
}

/** The environment could not be set up: exit code 3. Code `ENVIRONMENT`. */
export class EnvironmentError extends ChaosError {
  constructor(message: string, options: ChaosErrorOptions = {}) {
    super('ENVIRONMENT', message, options);
    this.name = 'EnvironmentError';
  }
}

/** Wrong configuration or command line: exit code 2. Code `USAGE`. */
export class UsageError extends ChaosError {
  constructor(message: string, options: ChaosErrorOptions = {}) {
    super('USAGE', message, options);
    this.name = 'UsageError';
  }
}
