import { bin, command } from './command.mjs';
import { pool } from './pool.mjs';
import { closeStage } from './totals.mjs';

// Every gate runs, whatever the others say; one line each, details of those that fail above it.
const GATES = [
  'packages',
  'format',
  'lint',
  'types',
  'imports',
  'size',
  'readmes',
  'symbols',
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

// The gates judge what people get, so it has to be built first.
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
closeStage('check', results.filter(Boolean).length, results.filter((good) => !good).length);
