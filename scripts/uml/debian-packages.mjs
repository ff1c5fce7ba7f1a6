import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { command } from '../command.mjs';

const LIMIT_MS = 180_000;

/**
 * Unpacks Debian packages into `folder`/root and installs nothing. Returns the error, or the empty string. As in the
 * product: apt checks the signatures, with a separate state.
 *
 * @param {string} folder
 * @param {readonly string[]} packages
 * @param {string} [source] Line of a `sources.list`: then exactly these packages come from there. Without it they come
 *   from the machine's own sources, with the libraries that they lack.
 */
export async function unpackPackages(folder, packages, source) {
  const state = join(folder, 'apt');
  const archives = join(state, 'cache/archives');
  for (const needed of [join(state, 'lists/partial'), join(archives, 'partial'), join(state, 'no-parts')])
    mkdirSync(needed, { recursive: true });
  if (source !== undefined) writeFileSync(join(state, 'sources.list'), `${source}\n`);
  const settings = aptSettings(state, source !== undefined);
  const apt = ['apt-get', '-qq', ...Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`])];
  const options = { env: { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' }, timeoutMs: LIMIT_MS, cwd: archives };
  const words =
    source === undefined
      ? ['--yes', '--no-install-recommends', '--reinstall', '--download-only', 'install']
      : ['download'];
  try {
    // `apt-get update` fails if any source fails; all that counts is that the packages can be downloaded.
    const updated = await command([...apt, 'update'], options);
    const got = await command([...apt, ...words, ...packages], options);
    if (got.code !== 0) return `${updated.output}${got.output}`.trim();
    for (const name of readdirSync(archives).filter((file) => file.endsWith('.deb'))) {
      const { code, output } = await command(['dpkg-deb', '-x', join(archives, name), join(folder, 'root')]);
      if (code !== 0) return output;
    }
    return '';
  } finally {
    rmSync(state, { recursive: true, force: true });
  }
}

function aptSettings(state, hasOwnSource) {
  return {
    'Dir::State': state,
    'Dir::State::lists': join(state, 'lists'),
    'Dir::State::status': '/var/lib/dpkg/status',
    'Dir::Cache': join(state, 'cache'),
    'Dir::Log': state,
    ...(hasOwnSource && {
      'Dir::Etc::sourcelist': join(state, 'sources.list'),
      'Dir::Etc::sourceparts': join(state, 'no-parts'),
    }),
    'APT::Sandbox::User': process.getuid() === 0 ? 'root' : '',
    'Debug::NoLocking': '1',
    'Acquire::Languages': 'none',
  };
}
