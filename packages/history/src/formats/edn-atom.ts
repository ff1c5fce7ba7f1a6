const CHARACTERS: Readonly<Record<string, string>> = {
  newline: '\n',
  return: '\r',
  space: ' ',
  tab: '\t',
  formfeed: '\f',
  backspace: '\b',
};
const ATOM = /[^\s,()[\]{}";]+/y;
const NUMBER = /^[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?[NM]?$/;
const RATIO = /^([+-]?\d+)\/(\d+)$/;

const WORDS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['nil', null],
  ['true', true],
  ['false', false],
  ['Inf', Infinity],
  ['-Inf', -Infinity],
  ['NaN', NaN],
]);

/** The number, word, keyword, symbol or character at an offset, and the offset behind it. */
export function readAtom(text: string, start: number, fail: (problem: string) => never): readonly [unknown, number] {
  if (text[start] === '\\') return readCharacter(text, start, fail);
  ATOM.lastIndex = start;
  const token =
    ATOM.exec(text)?.[0] ?? fail(`nothing can begin with ${JSON.stringify(text[start] ?? 'the end of the text')}`);
  const end = start + token.length;
  if (token.startsWith(':')) return [token.slice(token.startsWith('::') ? 2 : 1), end];
  if (WORDS.has(token)) return [WORDS.get(token), end];
  if (NUMBER.test(token)) return [readNumber(token), end];
  const [, numerator, denominator] = RATIO.exec(token) ?? [];
  if (numerator !== undefined) return [Number(numerator) / Number(denominator), end];
  return /^[+-]?\d/.test(token) ? fail(`${token} is no number`) : [token, end];
}

// Beyond 2^53 two numbers can become one; as text they stay apart.
function readNumber(token: string): number | string {
  const digits = token.replace(/[NM]$/, '');
  const number = Number(digits);
  return /^[+-]?\d+$/.test(digits) && String(number) !== digits.replace(/^\+/, '') ? digits : number;
}

function readCharacter(text: string, start: number, fail: (problem: string) => never): readonly [string, number] {
  const name =
    /^(?:u[0-9a-fA-F]{4}|[a-z]{2,}|[^\s])/u.exec(text.slice(start + 1, start + 12))?.[0] ??
    fail('a character must come after \\');
  const value =
    name.length === 5 && name.startsWith('u')
      ? String.fromCharCode(Number.parseInt(name.slice(1), 16))
      : (CHARACTERS[name] ?? (name.length <= 2 ? name : fail(`\\${name} is no character`)));
  return [value, start + 1 + name.length];
}
