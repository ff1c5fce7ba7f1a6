import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { bin, command } from './command.mjs';
import { pack } from './pack.mjs';
import { pool } from './pool.mjs';
import { tryTarball } from './release/try-tarball.mjs';
import { closeStage } from './totals.mjs';
import { publicPackages } from './workspace.mjs';

// `--dry-run` proves every tarball from outside; without it they are published afterwards, from CI only.
const dryRun = process.argv.includes('--dry-run');
const unknown = process.argv.slice(2).filter((argument) => argument !== '--dry-run');
if (unknown.length > 0) refuse(`Cannot release: unknown argument ${unknown.join(' ')}; --dry-run is the only one`);
if (!dryRun && !(process.env.CI && process.env.NPM_TOKEN))
  refuse('Cannot publish from here: CI and NPM_TOKEN are not both set. `pnpm release --dry-run` proves the packages.');

const built = await command([...bin('turbo'), 'run', 'build', 'types', '--continue', '--output-logs=errors-only']);
if (built.code !== 0) console.log(built.output);

const folder = await mkdtemp(`${tmpdir()}/chaos-release-`);
const failures = [];
const packages = publicPackages();
try {
  const tarballs = Object.fromEntries(
    await pool(2, packages, async (member) => {
      try {
        return [member.name, await pack(member, folder)];
      } catch (error) {
        return [member.name, error];
      }
    }),
  );
  await pool(2, packages, async (member) => {
    const { problems, summary } = await tryTarball(member, tarballs, folder);
    if (problems.length > 0) failures.push(member.name);
    console.log(`${problems.length === 0 ? 'ok    ' : 'FAILED'} ${member.name.padEnd(22)} ${summary}`);
    for (const problem of problems) console.log(`  ${problem.trim().replaceAll('\n', '\n  ')}`);
  });
} finally {
  await rm(folder, { recursive: true, force: true });
}
closeStage('release dry run', packages.length - failures.length, failures.length + (built.code === 0 ? 0 : 1));

if (!dryRun && process.exitCode === 0) {
  const published = await command([...bin('changeset'), 'publish'], {
    show: true,
    env: { NPM_CONFIG_PROVENANCE: 'true' },
  });
  process.exitCode = published.code;
}

function refuse(message) {
  console.error(message);
  process.exit(2);
}
