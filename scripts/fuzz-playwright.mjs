import { randomBytes } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createRandom } from '../packages/stats/dist/index.js';
import { compareRuns } from './playwright/compare-runs.mjs';
import { fileText, randomFile } from './playwright/random-file.mjs';
import { ours, runSide, stock } from './playwright/run-side.mjs';
import { shrink } from './playwright/shrink.mjs';

// Runs small random suites by this runner and by Playwright Test, and compares what both tell: `pnpm fuzz:playwright`.
// What differs is shrunk and printed with its file. Playwright comes from npm, once, into the cache.
const VERSION = '1.63.0';
const FILES_PER_RUN = 8;
const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '5000' },
    seed: { type: 'string' },
    'most-differences': { type: 'string', default: '10' },
    'no-shrink': { type: 'boolean', default: false },
  },
});
const count = wholeNumber('count');
const most = wholeNumber('most-differences');
const seed = values.seed ?? randomBytes(4).toString('hex');
const modules = installed();
console.log(`${count} suites, seed ${seed}, Playwright Test ${VERSION}`);
const sides = [ours(), stock(modules)];
let [found, done] = [0, 0];
for (let run = 0; done < count && found < most; run += 1) {
  const suite = randomSuite(createRandom(seed, 'suite', String(run)));
  const differences = differencesOf(suite);
  done += suite.files.length;
  if (differences.length === 0) continue;
  found += 1;
  tell(
    run,
    shrink(suite, (smaller) => differencesOf(smaller).length > 0),
  );
}
console.log(`${done} suites, ${found} with differences`);
process.exitCode = found > 0 ? 1 : 0;

function wholeNumber(name) {
  const text = values[name];
  if (!/^[1-9]\d*$/.test(text)) throw new Error(`Cannot use --${name} ${text}: it is a whole number of at least 1`);
  return Number(text);
}

function randomSuite(random) {
  const chance = (share) => random.next() < share;
  return {
    files: Array.from({ length: Math.min(FILES_PER_RUN, count) }, () => randomFile(random)),
    retries: random.integer(0, 2),
    config: {
      ...(chance(0.15) && { repeatEach: 2 }),
      ...(chance(0.15) && { projects: [{ name: 'p' }, { name: 'q', ...(chance(0.5) && { dependencies: ['p'] }) }] }),
      ...(chance(0.1) && { failOnFlakyTests: true }),
      ...(chance(0.1) && { fullyParallel: true }),
    },
    args: chance(0.1) ? ['--grep', '@a'] : chance(0.05) ? ['--grep-invert', 't[13]'] : [],
  };
}

function differencesOf(suite) {
  const [mine, theirs] = sides.map((side) => runSide(side, suite));
  return compareRuns(mine, theirs);
}

function tell(run, suite) {
  console.log(`\n=== run ${run}: retries ${suite.retries}, ${JSON.stringify(suite.config)} ${suite.args.join(' ')}`);
  for (const line of differencesOf(suite)) console.log(`  ${line}`);
  for (const plan of suite.files) console.log(fileText(plan, '@chaos/test').split('\n').slice(22).join('\n'));
}

function installed() {
  const folder = join(homedir(), '.cache', 'chaos-fuzz', `playwright-${VERSION}`);
  const found = join(folder, 'node_modules');
  if (existsSync(join(found, '@playwright/test/cli.js'))) return found;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{}');
  const { status } = spawnSync('npm', ['install', `@playwright/test@${VERSION}`], { cwd: folder, stdio: 'inherit' });
  if (status !== 0)
    throw new Error(`Cannot install @playwright/test ${VERSION} into ${folder}: npm ended with ${status}`);
  return found;
}
