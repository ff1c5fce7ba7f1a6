import { bin, command } from './command.mjs';
import { pool } from './pool.mjs';
import { closeStage } from './totals.mjs';

// Runs every gate, even after failures; prints one line each, with the details of failed gates above it.
const GATES = [
  'packages',
  'format',
  'lint',
  'types',
  'imports',
  'size',
  'folders',
  'comments',
  'readmes',
  'symbols',
  'hovers',
  'errors',
  'snippets',
  'docs-true',
  'links',
];

const show = (name, { code, output, durationMs }) => {
  const lines = output.trimEnd().split('\n');
  if (code !== 0)
    console.log(
      `\n${lines
        .slice(0, -1)
        .map((line) => `  ${line}`)
        .join('\n')}`,
    );
  console.log(
    `${code === 0 ? 'ok    ' : 'FAILED'} ${name.padEnd(10)} ${(durationMs / 1000).toFixed(1).padStart(5)} s  ${lines.at(-1)}`,
  );
  return code === 0;
};

// The gates check the published output, so build it first.
const built = await command([...bin('turbo'), 'run', 'build', 'check', '--continue', '--output-logs=errors-only']);
const results = [
  show(
    'build',
    built.code === 0
      ? { ...built, output: 'every package built, typed and checked by tsc' }
      : { ...built, output: `${built.output.trimEnd()}\nturbo run build check` },
  ),
];
results.push(
  ...(await pool(2, GATES, async (gate) => show(gate, await command([process.execPath, `scripts/check/${gate}.mjs`])))),
);
const names = ['build', ...GATES];
closeStage(
  'check',
  results.filter(Boolean).length,
  names.filter((_, index) => !results[index]),
);
