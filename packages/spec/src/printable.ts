/* oxlint-disable eslint/no-control-regex -- control characters are what this file is about */
// Escape sequences as a whole: CSI (colours, the cursor), OSC and its kin (titles, links, the clipboard), two-byte
// ones.
const SEQUENCE =
  /(?:\u001B\[|\u009B)[0-?]*[ -/]*[@-~]|(?:\u001B[\]PX^_]|[\u0090\u0098\u009D-\u009F])[^\u0007\u001B\u009C]*(?:\u0007|\u001B\\|\u009C)?|\u001B[ -/]*[0-~]/g;
// Characters that steer a terminal or make a line read differently: C0, C1, line separators, bidi controls.
const CONTROL = /[\u0000-\u001F\u007F-\u009F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/g;
// The same, but tabs and line feeds are allowed.
const CONTROL_IN_TEXT = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/g;
// What JSON.stringify leaves as it is.
const CONTROL_IN_JSON = /[\u007F-\u009F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/g;
const COLOUR = /^\u001B\[[\d;:]*m$/;
const NEEDS_WORK = /[^\u0020-\u007E]|##|::/;

/**
 * Makes foreign text (titles, errors, log lines) safe for a terminal, a log or an annotation: removes escape sequences,
 * spells out control characters and bidi overrides (`\x08`, `\u202e`), and breaks commands to a CI system that reads
 * the output (`::error …`, `##[…]`). Lines and tabs stay.
 */
export function printable(text: string): string {
  if (!NEEDS_WORK.test(text)) return text;
  return withoutCommands(text.replaceAll('\r\n', '\n').replace(SEQUENCE, '').replace(CONTROL_IN_TEXT, spelled));
}

/** The same on one line: line ends are spelled out, too. */
export function printableLine(text: string): string {
  if (!NEEDS_WORK.test(text)) return text;
  return withoutCommands(text.replace(SEQUENCE, '').replaceAll('\t', ' ').replace(CONTROL, spelled));
}

/** Makes the output of a program printable: colours stay, and so do its commands to a CI system. */
export function printableOutput(text: string): string {
  if (!NEEDS_WORK.test(text)) return text;
  return text
    .replaceAll('\r\n', '\n')
    .replace(SEQUENCE, (sequence) => (COLOUR.test(sequence) ? sequence : ''))
    .replace(CONTROL_IN_TEXT, (control) => (control === '\u001B' ? control : spelled(control)))
    .replace(/\u001B(?!\[[\d;:]*m)/g, spelled);
}

/**
 * The same JSON with escapes for what steers a terminal or a CI system: C1 controls, bidi overrides, `##[…]`. Parsed,
 * it is the same data.
 */
export function printableJson(json: string): string {
  const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return json.replace(CONTROL_IN_JSON, escaped).replace(/##(?=\w*\[)/g, `#${escaped('#')}`);
}

function spelled(control: string): string {
  if (control === '\n') return String.raw`\n`;
  if (control === '\r') return String.raw`\r`;
  const code = control.charCodeAt(0).toString(16);
  return control < '\u0100' ? `\\x${code.padStart(2, '0')}` : `\\u${code.padStart(4, '0')}`;
}

// GitHub obeys the first only at the start of a line, the second anywhere.
function withoutCommands(text: string): string {
  return text.replace(/^(\s*)::(?=.*::)/gm, String.raw`$1\::`).replace(/##(?=\w*\[)/g, String.raw`#\#`);
}
