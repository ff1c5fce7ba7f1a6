import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { bin, command } from './command.mjs';
import { pack } from './pack.mjs';
import { pool } from './pool.mjs';
import { judgeTypes } from './release/judge-types.mjs';
import { tryTarball } from './release/try-tarball.mjs';
import { closeStage } from './totals.mjs';
import { publicPackages } from './workspace.mjs';

// `--dry-run` tests every tarball from outside; without it they are published afterwards, from CI only. `--dry-run
// --only load,test` tests some of them.
const { values } = parse();
const dryRun = values['dry-run'];
const only = values.only?.split(',');
const packages = publicPackages();
const tried = packages.filter(({ short }) => only === undefined || only.includes(short));
const unknown = only?.filter((name) => !packages.some(({ short }) => short === name)) ?? [];
if (unknown.length > 0)
  refuse(`Cannot try ${unknown.join(', ')}: packages are ${packages.map(({ short }) => short).join(', ')}`);
if (only && !dryRun) refuse('Cannot publish some packages only: --only needs --dry-run');
if (!dryRun && !(process.env.CI && process.env.NPM_TOKEN))
  refuse('Cannot publish from here: CI and NPM_TOKEN are not both set. `pnpm release --dry-run` proves the packages.');

const built = await command([...bin('turbo'), 'run', 'build', 'types', '--continue', '--output-logs=errors-only']);
if (built.code !== 0) console.log(built.output);

const folder = await mkdtemp(`${tmpdir()}/chaos-release-`);
const failures = [];
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
  await pool(2, tried, async (member) => {
    const { problems, summary } = await tryTarball(member, tarballs, folder);
    show(member.name, problems, summary);
  });
  const packed = tried.filter(({ name }) => typeof tarballs[name] === 'string');
  show('types', await judgeTypes(packed, tarballs, folder), 'strict under node16, nodenext and bundler');
} finally {
  await rm(folder, { recursive: true, force: true });
}
if (built.code !== 0) failures.push('build');
closeStage('release dry run', tried.length + 2 - failures.length, failures);

if (!dryRun && process.exitCode === 0) {
  const published = await command([...bin('changeset'), 'publish'], {
    show: true,
    env: { NPM_CONFIG_PROVENANCE: 'true' },
  });
  process.exitCode = published.code;
}

function show(name, problems, summary) {
  if (problems.length > 0) failures.push(name);
  console.log(`${problems.length === 0 ? 'ok    ' : 'FAILED'} ${name.padEnd(22)} ${summary}`);
  for (const problem of problems) console.log(`  ${problem.trim().replaceAll('\n', '\n  ')}`);
}

function parse() {
  try {
    return parseArgs({ options: { 'dry-run': { type: 'boolean', default: false }, only: { type: 'string' } } });
  } catch (error) {
    return refuse(`Cannot release: ${error.message}`);
  }
}

function refuse(message) {
  console.error(message);
  process.exit(2);
}
