import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'tsup';
import { base, commonJs } from '../../tsup.base';

// Decision 0011: code that only the main process runs is bundled into the command. Dependencies of these packages are
// dependencies of this one, too.
const OURS = /^@chaos\/(?:(?:spec|stats|env|config|record|report|triage|runner)(?:\/|$)|services\/descriptions$)/;
const THEIRS = ['ci-info', 'commander', 'picocolors', 'valibot'];

const manifestOf = (folder: string): { version: string; dependencies?: Record<string, string> } =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

requireTheirDependencies();

const LAZY = readdirSync('src/commands', { recursive: true, encoding: 'utf8' }).filter((file) =>
  /^(?!run\.|list\.|net\/flags\.)[^.]+\.ts$/.test(file),
);

// Names and line order stay readable; source maps would be two thirds of the package.
const unmapped = { sourcemap: false };

export default defineConfig([
  {
    ...base(LAZY.map((file) => `src/commands/${file}`)),
    ...unmapped,
    // Both builds run at the same time.
    clean: ['!**/*.d.ts', '!**/*.d.cts', '!*.cjs*'],
    noExternal: [OURS, ...THEIRS],
    // Bundled CommonJS code loads node's modules with `require`.
    banner: {
      js: "import { createRequire as createRequire_ } from 'node:module'; const require = createRequire_(import.meta.url);",
    },
    // Their licenses must be included in every copy.
    async onSuccess() {
      writeFileSync('dist/third-party-licenses.txt', THEIRS.map(licenseOf).join('\n\n'));
    },
  },
  // Two CommonJS files, read in one piece each: node runs the first, and the first worker starts, before the loader of
  // ES modules would be ready. Code that a run does not need is in the other files and is loaded when called.
  {
    ...base(),
    ...commonJs,
    ...unmapped,
    entry: ['src/bin.ts', 'src/command-line.ts'],
    noExternal: [OURS, ...THEIRS],
    external: [new RegExp(`^\\./commands/(?:${LAZY.map((file) => file.replace(/\.ts$/, '')).join('|')})\\.js$`)],
  },
]);

function licenseOf(name: string): string {
  const folder = join('node_modules', name);
  const { version } = manifestOf(folder);
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined) throw new Error(`Cannot build ${name} in: it has no license to go with it`);
  return `${name} ${version}\n\n${readFileSync(join(folder, file), 'utf8')}`;
}

// Resolved from the folder of the command.
function requireTheirDependencies(): void {
  const { dependencies: own = {} } = manifestOf('.');
  for (const name of Object.keys(own).filter((each) => OURS.test(each))) {
    for (const [needed, range] of Object.entries(manifestOf(join('node_modules', name)).dependencies ?? {})) {
      if (own[needed] !== range && !OURS.test(needed) && !THEIRS.includes(needed))
        throw new Error(`Cannot build ${name} in: package.json must depend on "${needed}": "${range}"`);
    }
  }
}
