const ESCAPE = String.fromCharCode(27);
const ANSI = new RegExp(
  `${ESCAPE}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${String.fromCharCode(7)}${ESCAPE}]*(?:${String.fromCharCode(7)}|${ESCAPE}\\\\))`,
  'g',
);
// Characters that XML 1.0 cannot contain in any form: control characters, lone surrogates, two non-characters.
const FORBIDDEN = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

/** Text without colours and without characters that XML cannot contain. */
export function plain(text: string): string {
  return text.replace(ANSI, '').replace(FORBIDDEN, '');
}
