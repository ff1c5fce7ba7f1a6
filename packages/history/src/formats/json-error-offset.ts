const TOKEN =
  /\s*(?:("(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|true\b|false\b|null\b)|([[\]{}:,]))/uy;

/** Offset at which a text stops being JSON, in characters: the engine's own message does not always tell. */
export function jsonErrorOffset(text: string): number {
  const open: string[] = [];
  // Token allowed next: a value, a key, a colon, or a comma or the end of the open element.
  let next: 'value' | 'first-value' | 'key' | 'first-key' | 'colon' | 'separator' = 'value';
  TOKEN.lastIndex = 0;
  for (;;) {
    const from = TOKEN.lastIndex;
    const at = from + (/^\s*/.exec(text.slice(from))?.[0].length ?? 0);
    const [, string, literal, mark] = TOKEN.exec(text) ?? [];
    if (string !== undefined && (next === 'key' || next === 'first-key')) next = 'colon';
    else if ((string ?? literal) !== undefined && (next === 'value' || next === 'first-value')) next = 'separator';
    else if ((mark === '{' || mark === '[') && (next === 'value' || next === 'first-value')) {
      open.push(mark);
      next = mark === '{' ? 'first-key' : 'first-value';
    } else if (mark === ':' && next === 'colon') next = 'value';
    else if (mark === ',' && next === 'separator' && open.length > 0) next = open.at(-1) === '{' ? 'key' : 'value';
    else if (
      mark !== undefined &&
      open.at(-1) === (mark === '}' ? '{' : mark === ']' ? '[' : '') &&
      (next === 'separator' || next === (mark === '}' ? 'first-key' : 'first-value'))
    ) {
      open.pop();
      next = 'separator';
    } else return at;
  }
}
