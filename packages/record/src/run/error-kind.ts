import type { SerializedError } from '@chaos/spec';

/** JUnit's two kinds of problems: an expectation did not hold (failure), or something broke (error). */
export type ErrorKind = 'failure' | 'error';

/** Classifies an error as one of the two. */
export function errorKind({ name = '', message = '', invariant }: SerializedError): ErrorKind {
  return invariant === true ||
    /assertion|expect/i.test(name) ||
    /^(?:\w*Error: )?(?:\S+\[\d+m)?expect\(|^Expected to fail/.test(message)
    ? 'failure'
    : 'error';
}
