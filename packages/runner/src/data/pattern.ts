/** `/source/flags` as a regular expression; `undefined` for any other text. */
export function parsePattern(text: string): RegExp | undefined {
  const [, source, flags] = /^\/(.+)\/([a-z]*)$/.exec(text) ?? [];
  return source === undefined ? undefined : new RegExp(source, flags);
}

/**
 * True if the pattern matches somewhere in the text. One with the flag `g` or `y` remembers where its last match ended,
 * and would begin there in the next text.
 */
export function isMatch(pattern: RegExp, text: string): boolean {
  pattern.lastIndex = 0;
  return pattern.test(text);
}

/** Matches if one of several `/source/flags` does; `undefined` without any. */
export function compilePatterns(texts: readonly string[] = []): ((text: string) => boolean) | undefined {
  const patterns = texts.flatMap((text) => parsePattern(text) ?? []);
  return patterns.length === 0 ? undefined : (text) => patterns.some((pattern) => isMatch(pattern, text));
}
