/** `/source/flags` as a regular expression; `undefined` for any other text. */
export function parsePattern(text: string): RegExp | undefined {
  const [, source, flags] = /^\/(.+)\/([a-z]*)$/.exec(text) ?? [];
  return source === undefined ? undefined : new RegExp(source, flags);
}
