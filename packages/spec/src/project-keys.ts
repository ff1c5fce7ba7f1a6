// An object has such keys before all others, whatever their order.
const INDEX = /^(?:0|[1-9]\d*)$/;

/**
 * Gives each project of a list a unique name, in order: `api`, `api (2)`; unnamed projects become ``, `(2)`. A name
 * used once stays unchanged, unless it is a whole number: `1` becomes `project 1`, so that an object with these keys
 * keeps the order.
 */
export function projectKeys(names: readonly string[]): string[] {
  const taken = new Set(names);
  const seen = new Set<string>();
  return names.map((given) => {
    const name = INDEX.test(given) ? `project ${given}` : given;
    if (name !== given && taken.has(name)) seen.add(name);
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
