import { expectHost } from './expect-host.js';
import { tellByKind } from './tell-by-kind.js';

/** Options for calls of matchers. */
export interface CallOptions {
  readonly message?: string;
  readonly soft?: boolean;
  /** It calls a function of the user until it is satisfied: what that starts is a part of it. */
  readonly waits?: boolean;
  /** The value under test, where it is known before the matcher is called. */
  readonly actual?: unknown;
}

function withMessage(error: unknown, message: string | undefined, frames: string | undefined): Error {
  const result = error instanceof Error ? error : new Error(String(error));
  if (message !== undefined) result.message = `${message}\n\n${result.message}`;
  if (frames !== undefined) result.stack = `${result.name}: ${result.message}\n${frames}`;
  return result;
}

// The stack frames of whoever called `below`, without a header.
function framesBelow(below: (...args: never[]) => unknown): string {
  const holder: { stack?: string } = {};
  Error.captureStackTrace(holder, below);
  return (holder.stack ?? '').replace(/^.*\n/, '');
}

/**
 * `call` as the user sees it: soft where asked for, with the custom message, told to the host as a step, and its
 * failures point to the line of the test, not into matchers.
 */
export function observedCall(
  title: string,
  options: CallOptions,
  call: (args: unknown[]) => unknown,
): (...args: unknown[]) => unknown {
  return function matcher(...args: unknown[]): unknown {
    const host = expectHost();
    const startMs = Date.now();
    const began = performance.now();
    const settle = (error?: Error): void => {
      host?.onStep?.({
        title: options.message ?? title,
        startMs,
        durationMs: performance.now() - began,
        ...(error === undefined ? {} : { error }),
      });
      if (error === undefined) return;
      if (!options.soft || host === undefined) throw error;
      host.onSoftFailure(error);
    };
    const fail = (error: unknown, frames: string): unknown => {
      if (error instanceof Error)
        tellByKind(error, { matcher: title.split('.').at(-1)!, actual: options.actual, args });
      return settle(withMessage(error, options.message, frames));
    };
    const start = (action: () => unknown): unknown =>
      host?.onStart ? host.onStart(options.message ?? title, action) : action();
    const settleBy = (result: Promise<unknown>): Promise<void> => {
      const frames = framesBelow(matcher);
      return result.then(
        () => settle(),
        (error: unknown) => void fail(error, frames),
      );
    };
    const answer = (whenLater: (result: Promise<unknown>) => unknown): unknown => {
      let result: unknown;
      try {
        result = call(args);
      } catch (error) {
        return fail(error, framesBelow(matcher));
      }
      return result instanceof Promise ? whenLater(result) : settle();
    };
    // Most matchers answer at once: only one that does not is told of.
    return options.waits ? start(() => answer(settleBy)) : answer((result) => start(() => settleBy(result)));
  };
}
