import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { createGithubReporter } from '../github-reporter.js';
import { createJsonReporter } from '../json/json-reporter.js';
import { createJunitReporter } from '../junit/junit-reporter.js';
import { everyVerdict, feed } from '../sample-run.test.fixture.js';
import { createDotReporter } from '../terminal/dot-reporter.js';
import { createLineReporter } from '../terminal/line-reporter.js';
import { createListReporter } from '../terminal/list-reporter.js';

const folder = mkdtempSync(join(tmpdir(), 'chaos-output-'));
afterAll(() => rmSync(folder, { recursive: true }));

const PRINTING = {
  list: createListReporter,
  line: createLineReporter,
  dot: createDotReporter,
  github: createGithubReporter,
  json: createJsonReporter,
  junit: createJunitReporter,
} as const;
const names = Object.keys(PRINTING) as (keyof typeof PRINTING)[];

test.each(names)('%s: a reader that leaves is no error', async (name) => {
  const reader = spawn('sh', ['-c', 'exec 0<&-; echo closed; exec sleep 30'], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void reader.kill());
  await once(reader.stdout, 'data');
  for (let round = 0; round < 3; round += 1) await feed(PRINTING[name]({ stream: reader.stdin }), everyVerdict());
});

test.each(names)('%s: a full disk is an error with its fix', async (name) => {
  const stream = createWriteStream('/dev/full');
  await expect(feed(PRINTING[name]({ stream }), everyVerdict())).rejects.toMatchObject({
    code: 'REPORT',
    message: expect.stringContaining('no space is left on the device (ENOSPC)'),
    hint: expect.stringContaining('Free some space'),
  });
});

test.each(['json', 'junit'] as const)('%s: a file that cannot be written is named', async (name) => {
  const blocked = join(folder, 'file');
  writeFileSync(blocked, '');
  const outputFile = join(blocked, 'report');
  await expect(feed(PRINTING[name]({ outputFile }), everyVerdict())).rejects.toMatchObject({
    code: 'REPORT',
    message: expect.stringContaining(outputFile),
  });
  await expect(feed(PRINTING[name]({ outputFile: '/dev/full' }), everyVerdict())).rejects.toMatchObject({
    code: 'REPORT',
    message: expect.stringContaining('/dev/full: no space is left'),
  });
});

test('a link stays a link', async () => {
  const real = join(folder, 'real.json');
  writeFileSync(real, 'old');
  symlinkSync(real, join(folder, 'link.json'));
  await feed(createJsonReporter({ outputFile: join(folder, 'link.json') }), everyVerdict());
  expect(JSON.parse(readFileSync(real, 'utf8')).stats.flaky).toBe(1);
});

test('a stream is not ended', async () => {
  const stream = new PassThrough();
  stream.resume();
  await feed(createListReporter({ stream }), everyVerdict());
  expect(stream.writableEnded).toBe(false);
});

test('the lines of a moment are one write', async () => {
  const writes: string[] = [];
  const stream = new Writable({
    decodeStrings: false,
    write: (chunk: string, _, done) => done(void writes.push(chunk)),
    writev: (chunks, done) => done(void writes.push(chunks.map(({ chunk }) => chunk as string).join(''))),
  });
  await feed(createListReporter({ stream, color: false }), everyVerdict());
  expect(writes.filter((text) => text !== '')).toEqual([expect.stringMatching(/^\nRunning [^]* flaky/)]);
});

test('a process that ends before the moment is over has written everything, in order', () => {
  const script = `import { createListReporter } from ${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)};
const reporter = createListReporter({});
for (const message of ['first', 'second']) { reporter.onEvent({ type: 'run-error', error: { message } }); console.log('after the', message); }
process.exit();`;
  expect(
    execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
    }),
  ).toMatch(/first[^]*after the first[^]*second[^]*after the second/);
});
