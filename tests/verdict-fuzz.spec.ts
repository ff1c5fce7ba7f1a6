import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom } from '@chaos/stats';
import { expect, onTestFinished, test } from 'vitest';
import { play, randomSuite, type Act, type Suite } from '../packages/runner/test/random-suite.ts';
import { endOf, exitCodeOf, type ToldRun } from '../packages/runner/test/verdict-model.ts';
import { testsByProject } from './support/json-report.ts';
import { createProject } from './support/project.ts';
import { BIN, startChaos } from './support/start-chaos.ts';
import { argumentsOf, filesOf } from './support/suite-files.ts';

// `pnpm fuzz:verdict --count 20000 --seed text`
const COUNT = Number(process.env['FUZZ_COUNT'] ?? 400);
const SEED = process.env['FUZZ_SEED'] ?? 'verdict';
const AT_ONCE = 2;
const MOST_SHRINKS = 60;
/** Suites that it may take to catch a mutation of the rule. */
const MOST_TO_CATCH = 60;
const ACTS: readonly Act[] = ['fail', 'fail', 'fail', 'skip', 'inconclusive', 'invariant', 'hang', 'crash'];
const STATUS: Readonly<Record<string, string>> = { expected: 'expected', flaky: 'flaky', failed: 'unexpected' };

// An unchanged checkout needs a repository each: `verdict.spec.ts` has one.
function suiteOf(number: number, seed: string): Suite {
  const suite = randomSuite(createRandom(seed, `${number}`), ACTS);
  return suite.empty === 'unchanged' ? { ...suite, empty: 'grep' } : suite;
}

/** Describes how the command's result differs from the model's; undefined if they agree. */
async function disagreement(suite: Suite, bin: string = BIN): Promise<string | undefined> {
  const told = play(suite);
  if (!suite.sharded) return difference(suite, told, await runSuite(suite, undefined, bin));
  const shards = [await runSuite(suite, 1, bin), await runSuite(suite, 2, bin)];
  const taken = shards.flatMap(({ tests }) => [...tests.keys()]);
  const missing = told.tests.filter(({ title }) => taken.filter((each) => each === title).length !== 1);
  if (missing.length > 0) return `not in one shard: ${missing.map(({ title }) => title).join()}\n${shards[0]?.output}`;
  for (const shard of shards) {
    const tests = told.tests.filter(({ title }) => shard.tests.has(title));
    const text = difference(
      suite,
      { ...told, tests, allowed: { ...told.allowed, emptyShard: suite.empty === 'no' || told.allowed.emptyShard } },
      shard,
    );
    if (text !== undefined) return text;
  }
  return undefined;
}

interface Ran {
  readonly code: number | null;
  readonly tests: ReturnType<typeof testsByProject>;
  readonly output: string;
}

async function runSuite(suite: Suite, shard: number | undefined, bin: string): Promise<Ran> {
  const run = startChaos(createProject(filesOf(suite)), [], {
    command: [process.execPath, bin, ...argumentsOf(suite, shard)],
  });
  if (play(suite).stop)
    await run.marked('stalls').then(
      () => run.kill('SIGINT'),
      () => {},
    );
  const { code } = await run.exited;
  const output = run.stdout() + run.stderr();
  try {
    return { code, tests: testsByProject(run.report()), output };
  } catch (cause) {
    throw new Error(`No report, exit code ${code}: ${argumentsOf(suite, shard).join(' ')}\n${output}`, { cause });
  }
}

function difference(suite: Suite, told: ToldRun, { code, tests, output }: Ran): string | undefined {
  const right = [exitCodeOf(told), ...told.tests.map((each) => `${each.title} ${STATUS[endOf(each)] ?? 'skipped'}`)];
  const said = [code, ...told.tests.map(({ title }) => `${title} ${tests.get(title)?.status}`)];
  if (right.join() === said.join()) return undefined;
  return `right: ${right.join(', ')}\nsaid:  ${said.join(', ')}\n${argumentsOf(suite).join(' ')}\n${Object.values(filesOf(suite)).join('\n')}\n${output}`;
}

function* smaller(suite: Suite): Generator<Suite> {
  const { groups } = suite;
  for (const index of groups.keys()) yield { ...suite, groups: groups.toSpliced(index, 1) };
  for (const [index, group] of groups.entries())
    for (const inner of group.length > 1 ? group.keys() : [])
      yield { ...suite, groups: groups.with(index, group.toSpliced(inner, 1)) };
  const plain = {
    retries: 0,
    maxFailures: 0,
    failOnFlaky: false,
    maxInconclusive: 1,
    teardownFails: false,
    empty: 'no',
    files: 1,
    projects: [''],
    workers: 1,
    sharded: false,
  } as const;
  for (const [key, value] of Object.entries(plain))
    if (JSON.stringify(suite[key as keyof Suite]) !== JSON.stringify(value)) yield { ...suite, [key]: value };
}

async function shrink(suite: Suite, first: string): Promise<string> {
  let [smallest, told, left] = [suite, first, MOST_SHRINKS];
  for (let better = true; better;) {
    better = false;
    for (const candidate of smaller(smallest)) {
      if (candidate.groups.length === 0 || left-- <= 0) continue;
      const text = await disagreement(candidate);
      if (text === undefined) continue;
      [smallest, told, better] = [candidate, text, true];
      break;
    }
  }
  return told;
}

interface Found {
  readonly suite: Suite;
  readonly number: number;
  readonly text: string;
}

/** The first suite of `count` that ends otherwise than the model says. */
async function firstDisagreement(count: number, seed: string, bin?: string): Promise<Found | undefined> {
  const numbers = Array.from({ length: count }, (_, index) => index).values();
  let found: Found | undefined;
  const work = async (): Promise<void> => {
    for (const number of numbers) {
      if (found !== undefined) return;
      const suite = suiteOf(number, seed);
      const text = await disagreement(suite, bin);
      if (text !== undefined) found ??= { suite, number, text };
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return found;
}

test(`the command ends ${COUNT} random suites as the model says`, { timeout: COUNT * 5000 + 60_000 }, async () => {
  const found = await firstDisagreement(COUNT, SEED);
  const told = found && `seed ${SEED}, suite ${found.number}\n${await shrink(found.suite, found.text)}`;
  expect(told).toBeUndefined();
});

// A line of the rule, as the built command has it, and what becomes of it.
test.each<[string, RegExp, string]>([
  [
    'a retry that is skipped clears a failure',
    /(?<=if \(!saysSomething\(attempt\d*\)\) \{)/,
    ' story.failing = false;',
  ],
  ['errors outside of tests are forgotten', /(?<=missing\d* > 0) \|\| hasErrors/, ''],
  [
    'what stopped the run is forgotten',
    /if \(stop !== void 0 && stop\.kind !== "timeout"\) return stop\.exitCode;/,
    '',
  ],
  ['any number of tests may be inconclusive', /(?<=inconclusive \/ all\d* )<= most/, '<= 1'],
])('the model notices a command by whose rule %s', { timeout: MOST_TO_CATCH * 5000 }, async (_, line, instead) => {
  expect(await firstDisagreement(MOST_TO_CATCH, 'a', mutant(line, instead))).toBeDefined();
});

/** A copy of the built command with a line changed. */
function mutant(line: RegExp, instead: string): string {
  const cli = join(BIN, '..', '..');
  const copy = mkdtempSync('/tmp/mutant-');
  onTestFinished(() => rmSync(copy, { recursive: true }));
  cpSync(join(cli, 'dist'), join(copy, 'dist'), { recursive: true });
  cpSync(join(cli, 'package.json'), join(copy, 'package.json'));
  symlinkSync(join(cli, 'node_modules'), join(copy, 'node_modules'));
  const file = join(copy, 'dist', 'command-line.cjs');
  const code = readFileSync(file, 'utf8');
  const count = code.split(line).length - 1;
  if (count !== 1) throw new Error(`Cannot change ${line}: the command has it ${count} times`);
  writeFileSync(file, code.replace(line, instead));
  return join(copy, 'dist', 'bin.cjs');
}
