import type { Annotation, Attachment, Attempt, Location, SerializedError, TestCase } from '@chaos/spec';
import { cut, printed, toPlain } from '../../data/plain.js';

/** Fields of an attempt that the test itself can write, with any content. */
export type UserWritten = Pick<Attempt, 'status' | 'errors' | 'annotations' | 'attachments' | 'recoveries'> &
  Pick<TestCase, 'expectedStatus'>;

const STATUSES: readonly Attempt['status'][] = ['passed', 'failed', 'timedOut', 'skipped', 'interrupted'];
const EXPECTED: readonly TestCase['expectedStatus'][] = ['passed', 'failed', 'skipped'];

/**
 * Converts a test's own changes of its info to the form that reports rely on. An invalid value becomes a text that
 * describes it, and counts as a problem, which fails the test.
 */
export function reported(info: UserWritten): UserWritten & { readonly problems: readonly TypeError[] } {
  const problems: TypeError[] = [];
  const complain = (what: string, value: unknown, wanted: string): void =>
    void problems.push(new TypeError(`Cannot report ${what}: it is ${printed(value)}, and must be ${wanted}`));
  const at = new Reader(complain);
  return {
    status: at.oneOf(info, 'status', STATUSES, 'failed'),
    expectedStatus: at.oneOf(info, 'expectedStatus', EXPECTED, 'passed'),
    errors: at.list(info, 'errors', (error, what) => errorOf(error, what, at)),
    annotations: at.list(info, 'annotations', (annotation, what) => annotationOf(annotation, what, at)),
    attachments: at.list(info, 'attachments', (attachment, what) => attachmentOf(attachment, what, at)),
    recoveries: at.list(
      info,
      'recoveries',
      (recovery) => toPlain(recovery) as unknown as Attempt['recoveries'][number],
    ),
    problems,
  };
}

/** Converts an annotation; invalid ones go to `complain`. */
export function reportedAnnotation(given: unknown, complain: Complain): Annotation {
  return annotationOf(given, 'an annotation', new Reader(complain));
}

type Complain = (what: string, value: unknown, wanted: string) => void;

// Reads values whose getters may throw, and reports the position of invalid ones.
class Reader {
  readonly complain: Complain;

  constructor(complain: Complain) {
    this.complain = complain;
  }

  /** Reads a member of any value; a member that throws becomes a text. */
  member(of: unknown, key: string): unknown {
    try {
      return (of as Readonly<Record<string, unknown>> | null | undefined)?.[key];
    } catch (error) {
      return new Unreadable(error);
    }
  }

  oneOf<T extends string>(of: object, key: string, known: readonly T[], otherwise: T): T {
    const value = this.member(of, key);
    if (known.includes(value as T)) return value as T;
    this.complain(`testInfo.${key}`, value, `one of ${known.join(', ')}`);
    return otherwise;
  }

  list<T>(of: object, key: string, each: (value: unknown, what: string) => T): readonly T[] {
    const value = this.member(of, key);
    const name = `testInfo.${key}`;
    try {
      if (Array.isArray(value)) return Array.from(value as unknown[], (item, index) => each(item, `${name}[${index}]`));
    } catch {
      // A proxy of a list.
    }
    this.complain(name, value, 'a list');
    return [];
  }

  /** `undefined` if absent. Numbers and booleans become their text, data becomes JSON. */
  text(of: unknown, key: string, what: string): string | undefined {
    const value = this.member(of, key);
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'string') return cut(value);
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    try {
      const json: unknown = typeof value === 'object' ? JSON.stringify(value) : undefined;
      if (typeof json === 'string') return cut(json);
    } catch {
      // It contains a BigInt or a cycle, or a getter that throws.
    }
    this.complain(`${what}.${key}`, value, 'a text');
    return printed(value);
  }

  location(of: unknown): Location | undefined {
    const given = this.member(of, 'location');
    const [file, line, column] = ['file', 'line', 'column'].map((key) => this.member(given, key));
    return typeof file === 'string' && typeof line === 'number' && typeof column === 'number'
      ? { file, line, column }
      : undefined;
  }
}

// The printed value shows the reason.
class Unreadable extends Error {
  constructor(error: unknown) {
    super(`it cannot be read: ${printed(error)}`);
    this.stack = this.message;
  }
}

function annotationOf(given: unknown, what: string, at: Reader): Annotation {
  const type = at.text(given, 'type', what);
  if (type === undefined) at.complain(`${what}.type`, at.member(given, 'type'), 'a text');
  const description = at.text(given, 'description', what);
  const location = at.location(given);
  return {
    type: type ?? '',
    ...(description !== undefined && { description }),
    ...(location && { location }),
  };
}

function attachmentOf(given: unknown, what: string, at: Reader): Attachment {
  const path = at.text(given, 'path', what);
  const body = bodyOf(at.member(given, 'body'), what, at);
  return {
    name: at.text(given, 'name', what) ?? '',
    contentType: at.text(given, 'contentType', what) ?? 'application/octet-stream',
    ...(path !== undefined && { path }),
    ...(body !== undefined && { body }),
  };
}

// Our own bodies are base64 already; one pushed by hand may be bytes.
function bodyOf(body: unknown, what: string, at: Reader): string | undefined {
  try {
    if (body === undefined || body === null || typeof body === 'string') return body ?? undefined;
    if (ArrayBuffer.isView(body)) return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('base64');
  } catch {
    // A detached buffer.
  }
  at.complain(`${what}.body`, body, 'a text or bytes');
  return Buffer.from(printed(body)).toString('base64');
}

const TEXTS = ['name', 'message', 'stack', 'value', 'code', 'hint', 'snippet'] as const;

function errorOf(given: unknown, what: string, at: Reader, depth = 0): SerializedError {
  const texts = TEXTS.map((key) => [key, at.text(given, key, what)] as const).filter(([, text]) => text !== undefined);
  const location = at.location(given);
  const cause = depth < 5 ? at.member(given, 'cause') : undefined;
  return {
    ...Object.fromEntries(texts),
    ...(location && { location }),
    ...(typeof cause === 'object' && cause !== null && { cause: errorOf(cause, `${what}.cause`, at, depth + 1) }),
    ...(at.member(given, 'invariant') === true && { invariant: true }),
  };
}
