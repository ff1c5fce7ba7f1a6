import { randomBytes } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { bin } from './command.mjs';
import { root } from './workspace.mjs';

// Runs small random suites through the real command and compares each with the model of the verdict: `pnpm
// fuzz:verdict`. The first suite with another result is shrunk and printed with its files. Build before.
const { values } = parseArgs({
  options: { count: { type: 'string', default: '20000' }, seed: { type: 'string' } },
});
const { count, seed = randomBytes(4).toString('hex') } = values;
if (!/^[1-9]\d*$/.test(count)) throw new Error(`Cannot run ${count} suites: --count is a whole number of at least 1`);
console.log(`${count} suites, seed ${seed}`);
const [program, ...args] = [...bin('vitest'), 'run', '--root', 'tests', 'verdict-fuzz.spec.ts'];
const { status } = spawnSync(program, args, {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, FUZZ_COUNT: count, FUZZ_SEED: seed },
});
process.exitCode = status ?? 1;
