import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { bin, command } from './command.mjs';
import { pack } from './pack.mjs';
import { pool } from './pool.mjs';
import { member, publicPackages, root } from './workspace.mjs';

// `pnpm pack:all [folder]`: a tarball of every package, for a project that is to use this clone.
const folder = resolve(process.argv[2] ?? `${root}/packed`);
// It takes minutes in a fresh clone.
console.log('building all packages and their types…');
const built = await command([...bin('turbo'), 'run', 'build', 'types', '--output-logs=errors-only']);
if (built.code !== 0) {
  console.error(built.output);
  process.exit(built.code);
}
await mkdir(folder, { recursive: true });
const tarballs = await pool(2, [...publicPackages(), member('suites')], (each) => pack(each, folder));
console.log(`${tarballs.length} packages. In your project:\n\n  npm install --save-dev ${folder}/*/*.tgz`);
