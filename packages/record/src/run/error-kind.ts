import type { SerializedError } from '@chaos/spec';

/** JUnit's two ways to go wrong: an expectation did not hold, or something broke. */
export type ErrorKind = 'failure' | 'error';

/** Which of the two an error is. */
export function errorKind({ name = '', message = '', invariant }: SerializedError): ErrorKind {
  return invariant === true ||
    /assertion|expect/i.test(name) ||
    /^(?:\w*Error: )?(?:\S+\[\d+m)?expect\(|^Expected to fail/.test(message)
    ? 'failure'
    : 'error';
}
