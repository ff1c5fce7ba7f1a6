/** Stands for the root folder in what travels. */
const ROOT = '\u0000root';

/** Replaces the root folder at the start of every text in a value by a mark; {@link placed} puts another one there. */
export function portable<T>(value: T, rootDir: string): T {
  return mapTexts(value, (text) =>
    text === rootDir || text.startsWith(`${rootDir}/`) ? ROOT + text.slice(rootDir.length) : text,
  );
}

/** Puts a root folder where {@link portable} left its mark. */
export function placed<T>(value: T, rootDir: string): T {
  return mapTexts(value, (text) => (text.startsWith(ROOT) ? rootDir + text.slice(ROOT.length) : text));
}

function mapTexts<T>(value: T, change: (text: string) => string): T {
  const walk = (each: unknown): unknown => {
    if (typeof each === 'string') return change(each);
    if (Array.isArray(each)) return each.map(walk);
    if (typeof each !== 'object' || each === null) return each;
    return Object.fromEntries(Object.entries(each).map(([key, inner]) => [key, walk(inner)]));
  };
  return walk(value) as T;
}
