import { writeFile } from 'node:fs/promises';
import { command, pnpm } from '../command.mjs';

const INSTALL_MS = 240_000;
const NPMRC = [
  'ignore-scripts=true',
  'prefer-offline=true',
  'lockfile=false',
  'auto-install-peers=false',
  'hoist=false',
];

/**
 * Makes the folder `project` one of a stranger with `names` as dependencies, from `tarballs` (by name), and what they
 * need of ours, too. Without hoisting, so that an undeclared dependency fails here and not at a user's. Returns what
 * pnpm said, as `command` does.
 */
export async function installTarballs({ project, names, tarballs, devDependencies = {} }) {
  const file = (name) => [name, `file:${tarballs[name]}`];
  const packed = Object.keys(tarballs).filter((name) => typeof tarballs[name] === 'string');
  await writeFile(
    `${project}/package.json`,
    JSON.stringify({
      name: 'try',
      private: true,
      type: 'module',
      dependencies: Object.fromEntries(names.map(file)),
      devDependencies,
      pnpm: { overrides: Object.fromEntries(packed.map(file)) },
    }),
  );
  await writeFile(`${project}/.npmrc`, `${NPMRC.join('\n')}\n`);
  return command([...pnpm, 'install', '--ignore-workspace'], {
    cwd: project,
    timeoutMs: INSTALL_MS,
    env: { CI: 'true' },
  });
}
