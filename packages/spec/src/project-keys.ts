/**
 * Gives each project of a list a unique name, in order: `api`, `api (2)`; unnamed projects become ``, `(2)`. A name
 * used once stays unchanged.
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
