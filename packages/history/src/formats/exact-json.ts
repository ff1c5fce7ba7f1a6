const LONG = /\d{16}/;
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const WHOLE = /^-?\d+$/;
const TAG = '\0int';

/**
 * Parses JSON without changing a whole number: one that would be printed with other digits becomes a `bigint`. Two such
 * numbers that differ in the last digit would be the same otherwise, and a wrong read right. Throws what `JSON.parse`
 * throws.
 */
export function parseJson(text: string): unknown {
  const rounded: unknown = JSON.parse(text);
  if (!LONG.test(text)) return rounded;
  let isRounded = false;
  const tagged = text.replace(TOKENS, (token) => {
    // A token that JavaScript prints like that is a number as before.
    if (token.length < 16 || !WHOLE.test(token) || String(Number(token)) === token) return token;
    isRounded = true;
    return `{${JSON.stringify(TAG)}:"${token}"}`;
  });
  return isRounded ? JSON.parse(tagged, untag) : rounded;
}

function untag(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, TAG)) return value;
  return BigInt((value as Readonly<Record<string, string>>)[TAG]!);
}

/** JSON of a value whose `bigint`s are written as numbers. Throws `TypeError` where it is no JSON. */
export function formatJson(value: unknown): string | undefined {
  let isLarge = false;
  const text = JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner !== 'bigint') return inner;
    isLarge = true;
    return `${TAG}${inner}`;
  });
  return isLarge ? text.replace(/"\\u0000int(-?\d+)"/g, '$1') : text;
}
