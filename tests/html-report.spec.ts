import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHtmlReporter, packReport } from '@chaos/report-html';
import type { RunEvent } from '@chaos/spec';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startChromium } from './support/chromium.ts';
import { attempt, load, runEnd, runStart, START_MS, testCase } from './support/report-events.ts';
import { inked, openReport, seriousFindings } from './support/report-page.ts';

// The page of known data, in a real browser, from disk.

const folder = mkdtempSync('/tmp/black-box-html-');
const url = `file://${folder}/html/index.html`;
let browser: Browser;

const CUT = {
  name: 'link target→redis cut',
  startMs: START_MS + 4000,
  endMs: START_MS + 6000,
  met: { connections: 3 },
};
const ERROR = {
  name: 'InvariantViolation',
  message: 'stale read of key 17',
  code: 'INVARIANT_VIOLATION',
  invariant: true,
  hint: 'Invalidate in the transaction.',
  location: { file: '/repo/suites/cache/x.chaos.ts', line: 8, column: 3 },
};

function events(): RunEvent[] {
  const tests = [
    testCase('p', { title: 'reads survive a cut', chaosId: 'C04', tags: ['@cache'], purpose: 'Reads go on.' }),
    testCase('f', { title: 'nobody reads what is old', tags: ['@cache', '@stale'] }),
    testCase('k', {
      title: 'logs in again',
      category: 'auth',
      location: { file: '/repo/suites/auth/a.chaos.ts', line: 3, column: 1 },
    }),
    testCase('s', { title: 'needs a namespace', category: 'auth' }),
  ];
  const sample = (scope: string, index: number, cpus: number): RunEvent => ({
    type: 'sample',
    sample: {
      scope: scope as 'host',
      timeMs: START_MS + index * 250,
      cpus,
      memoryBytes: 64 * 2 ** 20,
      eventLoopDelayMs: 3,
      sockets: 9,
    },
  });
  return [
    runStart(tests),
    ...Array.from({ length: 41 }, (_, index) => [sample('host', index, 1.5), sample('target-0', index, 0.5)]).flat(),
    {
      type: 'test-end',
      outcome: 'expected',
      attempt: attempt('p', {
        loads: [load()],
        faults: [CUT],
        steps: [{ title: 'warm up', category: 'test.step', startMs: START_MS + 100, durationMs: 900, steps: [] }],
        recoveries: [{ what: 'reads through Redis', recoveryMs: 340, withinMs: 5000 }],
        stdout: ['first\n', 'the fault is on\n', 'last\n'],
        stdoutMs: [START_MS + 10, START_MS + 4100, START_MS + 9000],
        attachments: [
          {
            name: 'target log',
            contentType: 'text/plain',
            body: Buffer.from('03:04:09.200 redis is gone\n03:04:11.000 redis is back').toString('base64'),
          },
        ],
      }),
    },
    {
      type: 'test-end',
      attempt: attempt('f', { status: 'failed', failureClass: 'invariant', errors: [ERROR], durationMs: 4000 }),
    },
    {
      type: 'test-end',
      outcome: 'unexpected',
      attempt: attempt('f', { retry: 1, status: 'failed', failureClass: 'invariant', errors: [ERROR] }),
    },
    {
      type: 'test-end',
      attempt: attempt('k', {
        status: 'timedOut',
        failureClass: 'timeout',
        errors: [{ message: 'Test timeout of 30000 ms exceeded' }],
      }),
    },
    { type: 'test-end', outcome: 'flaky', attempt: attempt('k', { retry: 1 }) },
    { type: 'test-skip', testId: 's', reason: 'needs a namespace', didNotRun: false, outcome: 'skipped' },
    runEnd(),
  ];
}

beforeAll(async () => {
  browser = await startChromium();
  const reporter = createHtmlReporter({ outputFolder: join(folder, 'html') });
  for (const event of events()) reporter.onEvent(event);
  await reporter.end?.();
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

test('the overview says what failed, how sure the rate is, and what was slow', async () => {
  const { page, complaints } = await openReport(browser, url);
  expect(await page.textContent('h1')).toBe('1 test failed');
  expect(await page.textContent('.tiles')).toMatch(/66\.7 %.*pass rate.*1failed.*1flaky.*1skipped.*1passed/);
  expect(await page.textContent('[aria-labelledby=failures]')).toMatch(
    /1 invariant stale read of key #.*1 timeout Test timeout of # ms/s,
  );
  expect(await page.textContent('[aria-labelledby=recoveries]')).toMatch(
    /C04 reads survive a cut.*340 ms.*5\.00 s.*6\.8 %/,
  );
  const row = page.locator('tbody tr', { hasText: 'cache' }).first();
  expect(await row.locator('svg').getAttribute('aria-label')).toBe('9.5 % to 90.5 %: the wanted rate is within it');
  expect(await page.textContent('[aria-labelledby=environment]')).toMatch(
    /gitCommit\.hashf00.*runner\.workers2chaos\.yaml:3:12/,
  );
  expect(await inked(page, 'CPUs in use', '--c1')).toBeGreaterThan(0.002);
  await page.click('.tile.v-failed');
  await page.waitForFunction(() => document.querySelectorAll('ul.tests li.test').length === 1);
  expect(complaints).toEqual([]);
});

test('search, addresses and keys', async () => {
  const { page, complaints } = await openReport(browser, url);
  await page.keyboard.press('/');
  await page.keyboard.type('@cache fault:redis');
  await page.waitForFunction(() => document.querySelectorAll('li.test').length === 1);
  expect(page.url()).toContain('#/tests?q=%40cache+fault%3Aredis');
  await page.keyboard.press('Escape');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.waitForSelector('article h1');
  expect(await page.textContent('h1')).toBe('passed C04 reads survive a cut');
  await page.keyboard.press('Escape');
  await page.waitForSelector('ul.tests');
  await page.fill('input[type=search]', '');
  await page.waitForFunction(() => document.querySelectorAll('li.test').length === 4);
  const titles = await page.locator('li.test .title').allTextContents();
  expect(titles).toEqual(['nobody reads what is old', 'C04 reads survive a cut', 'logs in again', 'needs a namespace']);
  await page.goto(`${url}#/test/f`);
  await page.waitForSelector('article h1');
  await page.keyboard.press('n');
  await page.waitForFunction(() => document.querySelector('h1')?.textContent?.includes('logs in again'));
  await page.keyboard.press('?');
  expect(await page.textContent('dialog')).toContain('fault:latency');
  await page.keyboard.press('Escape');
  await page.goto(`${url}#/test/nobody`);
  await page.waitForFunction(() => document.querySelector('h1')?.textContent === 'No such test');
  expect(complaints).toEqual([]);
});

test('a test has everything on one axis: bars, charts, cursor, lines', async () => {
  const { page, complaints } = await openReport(browser, `${url}#/test/p`);
  await page.waitForSelector('figure.plot canvas');
  expect(await page.locator('figure.plot figcaption').allTextContents()).toEqual([
    expect.stringMatching(/^Throughput/),
    expect.stringMatching(/^Errors by class.*timeout/),
    expect.stringMatching(/^Latency.*p50.*p95.*p99/),
    expect.stringMatching(/^CPU.*host.*target-0/),
    expect.stringMatching(/^Memory/),
    expect.stringMatching(/^Event loop delay/),
    expect.stringMatching(/^Connections/),
  ]);
  const label = (title: string): Promise<string | null> =>
    page.locator('figure.plot', { hasText: title }).locator('[role=img]').getAttribute('aria-label');
  expect(await label('Throughput')).toBe('Throughput. ok: at most 100 operations/s');
  expect(await label('Errors by class')).toBe('Errors by class. timeout: at most 20 operations/s');
  expect(await label('Latency')).toBe('Latency. p50: at most 4 ms; p95: at most 9 ms; p99: at most 40 ms');
  for (const [title, colour] of [
    ['Throughput', '--ok'],
    ['Latency', '--c1'],
    ['CPU', '--c2'],
  ] as const)
    expect(await inked(page, title, colour), title).toBeGreaterThan(0.001);
  // The fault stands at the same place above and in the charts: 4 to 6 s of 10.
  const place = async (selector: string): Promise<{ left: number; right: number }> =>
    page
      .locator(selector)
      .first()
      .evaluate((element) => {
        const { left, right } = element.getBoundingClientRect();
        return { left, right };
      });
  const plot = await place('.u-over');
  const fault = await place('.bar.fault');
  const width = plot.right - plot.left;
  expect((fault.left - plot.left) / width).toBeCloseTo(0.4, 2);
  expect((fault.right - plot.left) / width).toBeCloseTo(0.6, 2);
  await page
    .locator('.u-over')
    .first()
    .click({ position: { x: width * 0.41, y: 40 } });
  await page.waitForSelector('.log .picked');
  expect(await page.textContent('.log .picked')).toBe('4.100 sstdoutthe fault is on');
  expect(await page.locator('.log li').allTextContents()).toEqual([
    '0.010 sstdoutfirst',
    '4.100 sstdoutthe fault is on',
    '4.200 stargetredis is gone',
    '6.000 stargetredis is back',
    '9.000 sstdoutlast',
  ]);
  await page.hover('.log li:nth-child(3)');
  expect(await page.textContent('.cursor span')).toBe('4.20 s');
  expect((await place('.cursor')).left - plot.left).toBeCloseTo(width * 0.42, -1);
  expect(complaints).toEqual([]);
});

test('a failure with its attempts, side by side, and the command to repeat it', async () => {
  const { page, complaints } = await openReport(browser, `${url}#/test/f`);
  await page.waitForSelector('.error');
  expect(await page.textContent('.error')).toMatch(
    /invariant broken.*INVARIANT_VIOLATION.*stale read of key 17.*Invalidate in the transaction/s,
  );
  expect(await page.textContent('.command code')).toBe('npx chaos suites/cache/x.chaos.ts:6 --seed abc');
  expect(await page.locator('.tabs a').allTextContents()).toEqual([
    'First try: failed, 4.00 s',
    'Retry 1: failed, 10.0 s',
  ]);
  await page.click('text=First try');
  expect(page.url()).toContain('attempt=0');
  await page.click('text=Side by side');
  expect(await page.locator('.beside > section').count()).toBe(2);
  expect(complaints).toEqual([]);
});

test.each([
  ['light', 1280],
  ['dark', 1280],
  ['light', 375],
  ['dark', 375],
] as const)('%s, %i px: nothing is cut off, and axe finds nothing serious', async (colours, width) => {
  const { page, complaints } = await openReport(browser, url, { colours, width });
  const background = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  expect(background).toBe(colours === 'dark' ? 'rgb(15, 19, 23)' : 'rgb(255, 255, 255)');
  for (const address of ['#/', '#/tests', '#/test/p', '#/test/f']) {
    await page.goto(url + address);
    await page.waitForSelector(address.startsWith('#/test/') ? 'section h2' : 'h1');
    expect(await page.evaluate(() => document.documentElement.scrollWidth), address).toBeLessThanOrEqual(width);
    expect(await seriousFindings(page), address).toEqual([]);
  }
  await page.click(`[aria-label='${colours === 'dark' ? 'Light' : 'Dark'} colours']`);
  const changed = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  expect(changed).not.toBe(background);
  expect(complaints).toEqual([]);
});

test('one file holds all of it', async () => {
  const file = join(folder, 'alone.html');
  packReport(join(folder, 'html'), file);
  const { page, complaints } = await openReport(browser, `file://${file}#/test/p`);
  await page.waitForSelector('figure.plot canvas');
  expect(await page.textContent('h1')).toContain('reads survive a cut');
  expect(complaints).toEqual([]);
});

test('a piece that is missing is told, and the rest goes on', async () => {
  const copy = join(folder, 'torn');
  const { cpSync } = await import('node:fs');
  cpSync(join(folder, 'html'), copy, { recursive: true });
  rmSync(join(copy, 'data/c0.js'));
  writeFileSync(join(copy, 'data/other.js'), '');
  const { page } = await openReport(browser, `file://${copy}/index.html#/test/p`);
  await page.waitForSelector('.warning');
  expect(await page.textContent('.warning')).toContain('data/c0.js is missing: copy the whole folder');
  await page.keyboard.press('o');
  await page.waitForFunction(() => document.querySelector('h1')?.textContent === '1 test failed');
});
