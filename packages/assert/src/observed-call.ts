import { expectHost } from './expect-host.js';

/** How calls of matchers behave. */
export interface CallOptions {
  readonly message?: string;
  readonly soft?: boolean;
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
    let result: unknown;
    try {
      result = call(args);
    } catch (error) {
      return settle(withMessage(error, options.message, framesBelow(matcher)));
    }
    if (!(result instanceof Promise)) return settle();
    const frames = framesBelow(matcher);
    const waited = host?.onWait?.(options.message ?? title);
    return result.finally(waited).then(
      () => settle(),
      (error: unknown) => settle(withMessage(error, options.message, frames)),
    );
  };
}
