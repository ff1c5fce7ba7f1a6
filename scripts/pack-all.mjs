import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { bin, command } from './command.mjs';
import { pack } from './pack.mjs';
import { pool } from './pool.mjs';
import { publicPackages, root } from './workspace.mjs';

// `pnpm pack:all [folder]`: a tarball of every package, for a project that is to use this clone.
const folder = resolve(process.argv[2] ?? `${root}/packed`);
const built = await command([...bin('turbo'), 'run', 'build', 'types', '--output-logs=errors-only']);
if (built.code !== 0) {
  console.error(built.output);
  process.exit(built.code);
}
await mkdir(folder, { recursive: true });
const tarballs = await pool(2, publicPackages(), (member) => pack(member, folder));
console.log(`${tarballs.length} packages. In your project:\n\n  npm install --save-dev ${folder}/*/*.tgz`);
