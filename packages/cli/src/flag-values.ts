import { UsageError } from '@chaos/spec';

/** `2/3` from the command line. */
export function shard(value: string): { readonly current: number; readonly total: number } {
  const [, current, total] = /^(\d+)\/(\d+)$/.exec(value)?.map(Number) ?? [];
  if (current === undefined || total === undefined || current < 1 || current > total) throw new UsageError(`Cannot use --shard ${JSON.stringify(value)}: it must be i/n with 1 ≤ i ≤ n, such as 2/3`);
  return { current, total };
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
