import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { measure } from './measure.mjs';
import { RUNNERS, createProject } from './runners.mjs';

const { chaos, node, playwright, vitest } = RUNNERS;
const ALL = [chaos, node, playwright, vitest];
const LETTER = 'x'.charCodeAt(0);
const PRINTED = 100 * 1_048_575;
const WRITE =
  "for (let i = 0; i < 10; i++) await new Promise((done) => process.stdout.write('x'.repeat(1048575) + '\\n', () => done()));";

const projects = new Map();

// Written and run once before the measurement, so that every cache is warm; reused in every round.
async function projectOf(runner, what, warm) {
  const key = `${runner.name} ${JSON.stringify(what)}`;
  let project = projects.get(key);
  if (project) return project;
  projects.set(key, (project = createProject(runner, what)));
  if (warm) await measure(runner.command(project.folder), project);
  return project;
}

/** Removes the files of the rows. */
export function removeProjects() {
  for (const project of projects.values()) project.remove();
}

/** One run of a shape; throws when not every test was counted. */
async function shape(runner, what, warm = true, extra = []) {
  const { folder, expected } = await projectOf(runner, what, warm);
  const result = await measure(runner.command(folder, extra), { folder });
  const counted = runner.counted(result.output);
  if (counted !== expected)
    throw new Error(
      `${runner.name} counted ${counted} of ${expected} tests (exit code ` +
        `${result.code})\n${result.output.slice(-2000)}`,
    );
  return result;
}

const each = async (runners, run) => {
  const results = {};
  for (const runner of runners) results[runner.name] = await run(runner);
  return results;
};

/** The table's rows: each measures everything it compares, one after the other, and knows its bars. */
export const ROWS = [
  {
    name: '1,000 trivial tests, 20 files',
    run: () => each(ALL, (runner) => shape(runner, { files: 20, tests: 50 })),
    bars: [
      { of: chaos.name, to: node.name, max: 0.4 },
      { of: chaos.name, to: playwright.name, max: 0.12 },
    ],
  },
  {
    name: '10,000 trivial tests, 200 files',
    run: async () => ({
      [chaos.name]: await shape(chaos, { files: 200, tests: 50 }),
      '1,000 tests': await shape(chaos, { files: 20, tests: 50 }),
    }),
    bars: [
      { of: chaos.name, to: '1,000 tests', max: 11 },
      { of: chaos.name, peakMb: 150 },
    ],
  },
  {
    name: 'one test, warm caches',
    run: () => each(ALL, (runner) => shape(runner, { files: 1, tests: 1 })),
    bars: [
      { of: chaos.name, to: node.name, max: 2 },
      { of: chaos.name, to: playwright.name, max: 0.25 },
    ],
  },
  {
    name: '200 failing tests in 20 files',
    run: async () => ({
      [chaos.name]: await shape(chaos, { files: 20, tests: 10, wrong: true }),
      'the same passing': await shape(chaos, { files: 20, tests: 10 }),
    }),
    bars: [{ of: chaos.name, to: 'the same passing', max: 1.5 }],
  },
  {
    name: '1 file × 500 tests',
    run: async () => ({
      [chaos.name]: await shape(chaos, { files: 1, tests: 500 }),
      'one test': await shape(chaos, { files: 1, tests: 1 }),
    }),
    bars: [{ of: chaos.name, over: 'one test', each: 499, maxMs: 0.5, unit: 'test' }],
  },
  {
    name: '50 files × 1 test',
    run: async () => ({
      [chaos.name]: await shape(chaos, { files: 50, tests: 1 }),
      'one file': await shape(chaos, { files: 1, tests: 1 }),
    }),
    bars: [{ of: chaos.name, over: 'one file', each: 49, maxMs: 10, unit: 'file' }],
  },
  {
    name: '100 MB of stdout from 10 tests',
    run: async () => {
      const { folder } = await projectOf(chaos, { files: 1, tests: 10, body: WRITE }, false);
      const ours = await measure(chaos.command(folder), { folder, keepOutput: false });
      const kept = lettersKept(folder);
      if (kept < PRINTED || ours.bytes < PRINTED)
        throw new Error(`@chaos kept ${kept} and printed ${ours.bytes} of ${PRINTED} letters of stdout`);
      const writer = `(async () => { for (let test = 0; test < 10; test++) { ${WRITE} } })()`;
      return {
        [chaos.name]: ours,
        'node writer to cat': await measure(
          [
            '-e',
            `require('node:child_process').execFileSync('bash', ['-c', '"$0" -e "$1" | cat', ` +
              `process.execPath, ${JSON.stringify(writer)}], { stdio: ['ignore', 'inherit', 'inherit'] })`,
          ],
          { folder, keepOutput: false },
        ),
      };
    },
    bars: [
      { of: chaos.name, to: 'node writer to cat', max: 3 },
      { of: chaos.name, peakMb: 200 },
    ],
  },
  {
    name: '50,000 results as JSON and blob, merged again',
    run: async () => {
      const what = { files: 100, tests: 500 };
      const ours = await shape(chaos, what, false, ['--reporter', 'list,blob']);
      const { folder, expected } = await projectOf(chaos, what, false);
      const merged = await measure(chaos.merge('blob-report'), {
        folder,
        env: { PLAYWRIGHT_JSON_OUTPUT_NAME: join(folder, 'merged.json') },
      });
      const files = {
        'results.json': join(folder, 'chaos-results/results.json'),
        'merged.json': join(folder, 'merged.json'),
      };
      for (const [name, path] of Object.entries(files)) {
        const { stats } = JSON.parse(readFileSync(path, 'utf8'));
        if (stats.expected !== expected) throw new Error(`${name} tells of ${stats.expected} of ${expected} tests`);
      }
      return { [chaos.name]: ours, 'merge-reports': merged };
    },
    bars: [
      { of: chaos.name, peakMb: 300 },
      { of: 'merge-reports', peakMb: 300 },
    ],
  },
];

// Number of printed letters that the report keeps: inside results.json, or in the files that it points to.
function lettersKept(folder) {
  const results = join(folder, 'chaos-results');
  if (!existsSync(results)) return 0;
  const files = readdirSync(results, { recursive: true, encoding: 'utf8' })
    .map((name) => join(results, name))
    .filter((path) => statSync(path).isFile());
  const kept = (paths) =>
    paths.reduce(
      (total, path) => total + readFileSync(path).reduce((count, byte) => count + (byte === LETTER ? 1 : 0), 0),
      0,
    );
  return Math.max(
    kept(files.filter((path) => path.endsWith('.json'))),
    kept(files.filter((path) => !path.endsWith('.json'))),
  );
}
