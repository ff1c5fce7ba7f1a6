import { readFileSync, writeFileSync } from 'node:fs';
import { bin, command } from './command.mjs';
import { members } from './workspace.mjs';

// npm and pnpm run this in a package's folder before they pack it, so that every tarball has JavaScript and
// declarations, whatever was built before. Our own scripts build all packages at once and skip this.
const byNpm = process.env.npm_config_user_agent?.startsWith('npm/');
if (process.env.CHAOS_PACKAGES_BUILT !== '1') {
  // turbo looks for pnpm on its PATH, where npm has none.
  const turbo = byNpm ? ['npx', '-y', 'pnpm@10', 'exec', 'turbo'] : bin('turbo');
  const argv = ['run', 'build', 'types', `--filter=${process.env.npm_package_name}`, '--output-logs=errors-only'];
  const { code, output } = await command([...turbo, ...argv]);
  // stdout belongs to the pack command.
  if (code !== 0) process.stderr.write(output);
  process.exitCode = code;
}

// pnpm writes versions for the ranges of the workspace into the tarball. npm does not: the manifest has them while it
// packs, and scripts/postpack.mjs takes them out again.
if (byNpm && !process.exitCode) {
  const versions = new Map(members('packages').map(({ name, manifest }) => [name, manifest.version]));
  const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
  for (const [name, range] of Object.entries(manifest.dependencies ?? {}))
    if (range === 'workspace:^') manifest.dependencies[name] = `^${versions.get(name)}`;
  writeFileSync('package.json', `${JSON.stringify(manifest, null, 2)}\n`);
}
