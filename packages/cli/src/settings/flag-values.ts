import type { Until } from '@chaos/runner/run';
import { UsageError } from '@chaos/spec';

/** `2/3` from the command line. */
export function shard(value: string): { readonly current: number; readonly total: number } {
  const [, current, total] = /^(\d+)\/(\d+)$/.exec(value)?.map(Number) ?? [];
  if (current === undefined || total === undefined || current < 1 || current > total)
    throw new UsageError(`Cannot use --shard ${JSON.stringify(value)}: it must be i/n with 1 ≤ i ≤ n, such as 2/3`);
  return { current, total };
}

/** A whole number, not below `least`, from the command line. */
export function wholeNumber(flag: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new UsageError(`Cannot use ${flag} ${text}: it must be a whole number from ${least} on`);
}

/** A regular expression from the command line; `/…/flags` or its plain source. */
export function pattern(flag: string, value: string): RegExp {
  const [, source, flags] = /^\/(.*)\/([a-z]*)$/s.exec(value) ?? [];
  try {
    return source === undefined ? new RegExp(value, 'i') : new RegExp(source, flags);
  } catch (cause) {
    throw new UsageError(`Cannot use ${flag} ${JSON.stringify(value)}: ${(cause as Error).message}`, {
      cause,
      hint: 'It is a JavaScript regular expression; escape ( ) [ ] { } . * + ? with a backslash.',
    });
  }
}

const UNITS_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** `fail`, `stable`, `200` or `90s` from the command line. */
export function until(value: string): Until {
  if (value === 'fail' || value === 'stable') return { kind: value };
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(value) ?? [];
  if (unit === undefined && Number.isSafeInteger(Number(number)) && Number(number) > 0)
    return { kind: 'runs', runs: Number(number) };
  const durationMs = Number(number) * UNITS_MS[unit as keyof typeof UNITS_MS];
  // Longest delay of a timer.
  if (durationMs > 0 && durationMs < 2 ** 30) return { kind: 'duration', durationMs };
  throw new UsageError(
    `Cannot use --until ${JSON.stringify(value)}: it must be fail, stable, a number of runs such as 200, or a time such as 500ms, 90s, 10m, 1h`,
  );
}
