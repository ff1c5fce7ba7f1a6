import { spawnSync } from 'node:child_process';
import { bin, command } from './command.mjs';
import { member, members, root } from './workspace.mjs';

// Benchmarks: builds, then runs the `bench` script of the given packages, or of all that have one, one after the other.
// Flags go to the scripts: `pnpm bench runner --quick --rounds=3`.
const flags = process.argv.slice(2).filter((argument) => argument.startsWith('-'));
const names = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
// `net` is net-proxy and net-tc; `target` is what it costs to drive and break one.
const fits = (own, name) => own === (name === 'target' ? 'test' : name) || own.startsWith(`${name}-`);
const packages = [...members('packages'), member('suites')].filter(
  ({ manifest }) =>
    manifest.scripts?.bench !== undefined &&
    (names.length === 0 || names.some((name) => fits(manifest.name.replace('@chaos/', ''), name))),
);

if (packages.length === 0) {
  process.stderr.write(`Cannot bench ${names.join(' ')}: no such package has a bench script\n`);
  process.exit(2);
}
const { code, output } = await command([...bin('turbo'), 'run', 'build', '--output-logs=errors-only']);
if (code !== 0) {
  process.stderr.write(output);
  process.exit(code);
}
for (const { path, manifest } of packages) {
  const env = { ...process.env, PATH: `${root}/node_modules/.bin:${process.env.PATH}` };
  const { status } = spawnSync('sh', ['-c', `${manifest.scripts.bench} "$@"`, 'bench', ...flags], {
    cwd: `${root}/${path}`,
    stdio: 'inherit',
    env,
  });
  process.exitCode ||= status ?? 1;
}
