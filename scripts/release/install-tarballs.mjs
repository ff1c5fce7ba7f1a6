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
 * Turns the folder `project` into a stranger's project with `names` as dependencies, from `tarballs` (by name),
 * including our packages that they need. Installs without hoisting, so that an undeclared dependency fails here and not
 * at a user's. Returns pnpm's result, as `command` does.
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
