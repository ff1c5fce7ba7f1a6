import { readFileSync } from 'node:fs';
import type { Options } from 'tsup';

// Every package builds the same way: ESM for Node 20, one output file per public entry, shared code split out.
// Declarations come from `tsc` (task `types`), which is both faster here than a bundler of declarations and the type check.
// The entries are derived from package.json#exports, so that there is one source of truth; `extra` names process entries.
export function base(extra: readonly string[] = []): Options {
  const { exports = {} } = JSON.parse(readFileSync('package.json', 'utf8')) as { exports?: Record<string, string | { default: string }> };
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
    // Old chunks would be packed; declarations are the other task's.
    clean: ['!**/*.d.ts'],
    dts: false,
    silent: true,
  };
}
