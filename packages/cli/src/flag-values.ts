import { UsageError } from '@chaos/spec';

/** A whole number from the command line. */
export function wholeNumber(flag: string, value: string, minimum: number): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || !Number.isSafeInteger(number) || number < minimum)
    throw new UsageError(`Cannot use ${flag} ${JSON.stringify(value)}: it must be a whole number of at least ${minimum}`);
  return number;
}

/** A regular expression from the command line; `/…/flags` or its plain source. */
export function pattern(flag: string, value: string): RegExp {
  const [, source, flags] = /^\/(.*)\/([a-z]*)$/s.exec(value) ?? [];
  try {
    return source === undefined ? new RegExp(value, 'i') : new RegExp(source, flags);
  } catch (cause) {
    throw new UsageError(`Cannot use ${flag} ${JSON.stringify(value)}: ${(cause as Error).message}`, { cause, hint: 'It is a JavaScript regular expression; escape ( ) [ ] { } . * + ? with a backslash.' });
  }
}
