import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

// `pnpm test` counts from a record written as tests end, so tests cut off by a time limit are counted and named, too.
const root = fileURLToPath(new URL('..', import.meta.url));
const script = async (name: string): Promise<never> =>
  (await import(new URL(`../scripts/${name}`, import.meta.url).href)) as never;
const { command } = (await script('command.mjs')) as {
  command(
    argv: readonly string[],
    options: object,
  ): Promise<{ code: number; output: string; cut: boolean; durationMs: number }>;
};
const { readRecord } = (await script('test/read-record.mjs')) as {
  readRecord(
    file: string,
    options: object,
  ): { passed: number; skipped: number; failures: readonly { name: string; message: string; place?: string }[] };
};

// Below the repository, so that vitest is found.
const folder = mkdtempSync(`${root}tests/test-results-`);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function runVitest(name: string, source: string, timeoutMs: number) {
  const own = `${folder}/${name}`;
  mkdirSync(own);
  symlinkSync(`${root}node_modules`, `${own}/node_modules`);
  writeFileSync(`${own}/vitest.config.mjs`, 'export default {};');
  writeFileSync(`${own}/a.test.mjs`, `import { expect, test } from 'vitest';\n${source}`);
  const run = await command(
    [`${root}node_modules/.bin/vitest`, 'run', '--root', own, `--reporter=${root}scripts/test/progress-reporter.mjs`],
    { cwd: own, timeoutMs },
  );
  return { run, record: readRecord(`${own}/test-results/tests.ndjson`, { folder: name }) };
}

test('a run to its end is counted, with message and place of what failed', async () => {
  const { run, record } = await runVitest(
    'whole',
    `test('passes', () => {});\ntest.skip('is skipped', () => {});\ntest('fails', () => {\n  expect(1).toBe(2);\n});\n`,
    60_000,
  );
  expect(run).toMatchObject({ code: 1, cut: false });
  expect(record).toMatchObject({ passed: 1, skipped: 1 });
  expect(record.failures).toEqual([
    {
      name: 'whole/a.test.mjs › fails',
      message: expect.stringContaining('expected 1 to be 2') as string,
      place: 'whole/a.test.mjs:5:13',
    },
  ]);
});

test('a run that is cut says so, names what was running, and counts what has ended', async () => {
  const { run, record } = await runVitest(
    'cut',
    `test('passes', () => {});\ntest('hangs', () => new Promise(() => {}), 600_000);\n`,
    15_000,
  );
  expect(run).toMatchObject({ code: 124, cut: true });
  expect(run.output).toMatch(/CUT after 15 s: .*vitest/);
  expect(record.passed).toBe(1);
  expect(record.failures).toEqual([
    { name: 'cut', message: 'cut before its end after 1 tests; running was: cut/a.test.mjs › hangs' },
  ]);
});

test('a file that cannot be loaded, and a run that never began, are failures', async () => {
  const { record } = await runVitest('broken', `throw new Error('no luck');\n`, 60_000);
  expect(record).toMatchObject({
    passed: 0,
    failures: [{ name: 'broken/a.test.mjs', message: expect.stringContaining('no luck') as string }],
  });
  expect(readRecord(`${folder}/nowhere`, { folder: 'nowhere' }).failures).toHaveLength(1);
});
