import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import type { Options } from 'tsup';

// Every package builds the same way: ESM for Node 20, one output file per public entry, shared code split out.
// Declarations are another task's (`types`, decision 0016). The entries are derived from package.json#exports, so that
// there is one source of truth; `extra` names process entries.
export function base(extra: readonly string[] = []): Options {
  const { exports = {} } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    exports?: Record<string, string | { default: string }>;
  };
  const entries = Object.values(exports).flatMap((target) => {
    const file = typeof target === 'string' ? target : target.default;
    return file.startsWith('./dist/') ? [file.replace('./dist/', 'src/').replace(/\.js$/, '.ts')] : [];
  });
  return {
    entry: [...new Set([...entries, ...extra])],
    format: ['esm'],
    target: 'node20',
    platform: 'node',
    splitting: true,
    sourcemap: true,
    // Old chunks would be packed; the other task writes declarations.
    clean: ['!**/*.d.ts', '!**/*.d.cts'],
    dts: false,
    silent: true,
  };
}

/** For files that node should read in one piece. They use `import.meta.url` like the others. */
export const commonJs: Options = {
  format: ['cjs'],
  splitting: false,
  clean: false,
  define: { 'import.meta.url': 'importMetaUrl_' },
  inject: [resolve('../../tsup.import-meta-url.ts')],
};

/**
 * For packages that test files import (decision 0013): `dist/index.cjs` is the package, and `dist/index.js` the same
 * objects for ES modules. `extra` names process entries.
 */
export function once(extra: readonly string[] = []): Options[] {
  const { entry, ...rest } = base(extra);
  const others = (entry as string[]).filter((file) => file !== 'src/index.ts');
  const index: Options = { ...rest, ...commonJs, entry: ['src/index.ts'], onSuccess: async () => writeImports() };
  // Both builds run at the same time.
  return others.length === 0
    ? [{ ...index, clean: rest.clean }]
    : [index, { ...rest, entry: others, clean: [...(rest.clean as string[]), '!index.*'] }];
}

/**
 * Writes `dist/index.js` with the exports of `dist/index.cjs`, in a form that bundlers can follow. Throws if the package
 * requires an ES module at its start: Node then sets up its other loader in every worker, for a third of the time that
 * `@chaos/test` takes to load (decision 0013).
 */
export function writeImports(bundle = 'dist/index.cjs'): void {
  const required = [...readFileSync(bundle, 'utf8').matchAll(/\brequire\("(@chaos\/[^"]+)"\)/g)].map(
    ([, name]) => name!,
  );
  const { resolve: find } = createRequire(resolve('package.json'));
  const modules = [...new Set(required)].filter((name) => !find(name).endsWith('.cjs'));
  if (modules.length > 0)
    throw new Error(
      `${bundle} requires ES modules at its start: ${modules.join(', ')}; bundle them or import them late`,
    );
  const names = Object.keys(createRequire(resolve('package.json'))('./dist/index.cjs') as object);
  const named = names.filter((name) => name !== 'default');
  const own = named.length < names.length ? 'export default index.default;\n' : '';
  writeFileSync(
    'dist/index.js',
    `import index from './index.cjs';\nexport const { ${named.join(', ')} } = index;\n${own}`,
  );
}
