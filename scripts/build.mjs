import { bin, command } from './command.mjs';

// First step of `pnpm chaos`: silent if nothing has changed, and never on stdout, which belongs to the command.
const notice = setTimeout(() => process.stderr.write('building…\n'), 1_000);
const { code, output } = await command([...bin('turbo'), 'run', 'build', '--output-logs=errors-only']);
clearTimeout(notice);
if (code !== 0) process.stderr.write(output);
process.exitCode = code;
