import { expectHost } from './expect-host.js';
import { tellByKind } from './load/tell-by-kind.js';

/** Options for calls of matchers. */
export interface CallOptions {
  readonly message?: string;
  readonly soft?: boolean;
  /** It calls a function of the user until it is satisfied: what that starts is a part of it. */
  readonly waits?: boolean;
  /** What the matcher that waits has seen last, for people. */
  readonly progress?: () => string;
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
    const told = (error: unknown, frames: string): Error => {
      if (error instanceof Error)
        tellByKind(error, { matcher: title.split('.').at(-1)!, actual: options.actual, args });
      return withMessage(error, options.message, frames);
    };
    const run = (): unknown => {
      let result: unknown;
      try {
        result = call(args);
      } catch (error) {
        throw told(error, framesBelow(matcher));
      }
      if (!(result instanceof Promise)) return undefined;
      const frames = framesBelow(matcher);
      return result.then(
        () => undefined,
        (error: unknown) => {
          throw told(error, frames);
        },
      );
    };
    const soften = (error: unknown): void => {
      if (!options.soft || host === undefined) throw error;
      host.onSoftFailure(error as Error);
    };
    const answer = (): unknown => {
      try {
        const result = host?.asStep ? host.asStep({ title: stepTitle(title, options), args }, run) : run();
        return result instanceof Promise ? result.catch(soften) : undefined;
      } catch (error) {
        return soften(error);
      }
    };
    const start = (action: () => unknown): unknown =>
      host?.onStart ? host.onStart(options.message ?? title, action, options.progress) : action();
    if (options.waits) return start(answer);
    // Most matchers answer at once: only one that does not is told of.
    const result = answer();
    return result instanceof Promise ? start(() => result) : undefined;
  };
}

/** Title of a matcher's step: `Expect "poll soft not toBe"` for `expect.poll.not.toBe`, or the message of the call. */
export function stepTitle(title: string, { message, soft }: CallOptions): string {
  if (message !== undefined) return message;
  const [, ...path] = title.split('.');
  const words = [
    ...(path.includes('poll') ? ['poll'] : []),
    ...(soft ? ['soft'] : []),
    ...path.filter((word) => !['poll', 'resolves', 'rejects'].includes(word)),
  ];
  return `Expect "${words.join(' ')}"`;
}
