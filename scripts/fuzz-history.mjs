import { randomBytes } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { bin } from './command.mjs';
import { root } from './workspace.mjs';

// Random histories with unknown outcomes, checked against brute force or a right store: the property tests of
// @chaos/history with so many seeds each. `pnpm fuzz:history --count 20000 --seed text --kind register`. Build before.
const KINDS = {
  register: ['src/transactions/rw-register'],
  list: ['src/transactions/list-append'],
  store: ['src/transactions/no-false-alarm', 'src/transactions/stream'],
  object: ['src/linearizability/check-linearizability.property'],
  invariant: ['src/invariants'],
};
const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '20000' },
    seed: { type: 'string' },
    kind: { type: 'string', multiple: true, default: Object.keys(KINDS) },
  },
});
const { count, seed = randomBytes(4).toString('hex'), kind: kinds } = values;
if (!/^[1-9]\d*$/.test(count)) fail(`--count is ${JSON.stringify(count)}, want a whole number of at least 1`);
for (const kind of kinds)
  if (!Object.hasOwn(KINDS, kind))
    fail(`--kind is ${JSON.stringify(kind)}, want one of ${Object.keys(KINDS).join(', ')}`);
console.log(`${count} histories per test, seed ${seed}, kinds ${kinds.join(', ')}`);
const [program, ...args] = [...bin('vitest'), 'run', ...kinds.flatMap((kind) => KINDS[kind])];
const { status } = spawnSync(program, args, {
  cwd: `${root}/packages/history`,
  stdio: 'inherit',
  env: { ...process.env, FUZZ_COUNT: count, FUZZ_SEED: seed },
});
process.exitCode = status ?? 1;

function fail(reason) {
  console.error(`Cannot fuzz histories: ${reason}`);
  process.exit(2);
}
