import { UsageError } from '@chaos/spec';

/**
 * `/source/flags` as a regular expression; `undefined` for any other text, such as a path that does not end in flags.
 *
 * @throws UsageError for a source that is no regular expression
 */
export function parsePattern(text: string): RegExp | undefined {
  const [, source, flags = ''] = /^\/(.+)\/([a-z]*)$/.exec(text) ?? [];
  if (source === undefined || !areFlags(flags)) return undefined;
  try {
    return new RegExp(source, flags);
  } catch (cause) {
    throw new UsageError(`Cannot use the pattern ${text}: ${(cause as Error).message}`, { cause });
  }
}

function areFlags(text: string): boolean {
  try {
    return new RegExp('', text) instanceof RegExp;
  } catch {
    return false;
  }
}

/**
 * True if the pattern matches somewhere in the text. One with the flag `g` or `y` remembers where its last match ended,
 * and would begin there in the next text.
 */
export function isMatch(pattern: RegExp, text: string): boolean {
  pattern.lastIndex = 0;
  return pattern.test(text);
}

/** Each `/source/flags` among these, parsed; other texts are left out. */
export function parsePatterns(texts: readonly string[] = []): readonly RegExp[] {
  return texts.flatMap((text) => parsePattern(text) ?? []);
}

/** Matches if one of several `/source/flags` does; `undefined` without any. */
export function compilePatterns(texts?: readonly string[]): ((text: string) => boolean) | undefined {
  const patterns = parsePatterns(texts);
  return patterns.length === 0 ? undefined : (text) => patterns.some((pattern) => isMatch(pattern, text));
}
