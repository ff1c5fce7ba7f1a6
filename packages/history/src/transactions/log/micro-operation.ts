/**
 * One step of a transaction, as Jepsen writes it: `['append', key, element]`, `['w', key, value]`, `['r', key, what was
 * read]`.
 */
export type MicroOperation = readonly [f: string, key: unknown, value: unknown];

/** The names of the steps of a kind of transaction, and how one is written. */
export interface MicroOperationKind {
  readonly write: 'append' | 'w';
  readonly form: string;
  /** True if this can be the result of a read. */
  readonly isRead: (value: unknown) => boolean;
}

/** Steps on lists: every read returns the whole list, `null` where there is none. */
export const LIST_APPEND: MicroOperationKind = {
  write: 'append',
  form: '["append", key, element] or ["r", key, list or null]',
  isRead: (value) => value === null || value === undefined || Array.isArray(value),
};

/** Steps on registers: `null` is the value before the first write. */
export const RW_REGISTER: MicroOperationKind = {
  write: 'w',
  form: '["w", key, value] or ["r", key, value or null]',
  isRead: (value) => typeof value !== 'object' || value === null,
};

/** True if the step writes. Throws `TypeError`, with what it is, for anything but a step of this kind. */
export function isWrite(step: unknown, kind: MicroOperationKind, where: () => string): step is MicroOperation {
  if (Array.isArray(step) && step.length >= 2) {
    const f = step[0] as unknown;
    // EDN's keywords may still have their colon.
    if ((f === 'r' || f === ':r') && kind.isRead(step[2])) return false;
    if (
      (f === kind.write || f === `:${kind.write}`) &&
      step[2] !== null &&
      typeof step[2] !== 'object' &&
      step[2] !== undefined
    )
      return true;
  }
  throw new TypeError(`Cannot read ${where()} as a transaction: current step is ${print(step)}, want ${kind.form}`);
}

function print(value: unknown): string {
  return (
    JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? `${inner}n` : inner)) ?? String(value)
  );
}
