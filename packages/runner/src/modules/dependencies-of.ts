import { createRequire } from 'node:module';

/** The user's own files that a loaded file imports, itself and through others; nothing in node_modules. */
export function dependenciesOf(file: string): readonly string[] {
  const { cache } = createRequire(file);
  const seen = new Set<string>();
  const visit = (module: NodeModule | undefined): void => {
    for (const child of module?.children ?? []) {
      if (seen.has(child.filename) || child.filename.includes('/node_modules/')) continue;
      seen.add(child.filename);
      visit(child);
    }
  };
  visit(cache[file]);
  return [...seen];
}
