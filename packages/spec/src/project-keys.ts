/**
 * A name of its own for each project of a list, in its order: `api`, `api (2)`; what has no name is ``, `(2)`. A name
 * that is given once stays as it is.
 */
export function projectKeys(names: readonly string[]): string[] {
  const taken = new Set(names);
  const seen = new Set<string>();
  return names.map((name) => {
    if (!seen.has(name)) {
      seen.add(name);
      return name;
    }
    let number = 2;
    const numbered = (): string => `${name} (${number})`.trimStart();
    while (taken.has(numbered())) number++;
    taken.add(numbered());
    return numbered();
  });
}
