import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createHtmlReporter } from '@chaos/report-html';
import type { RunEvent } from '@chaos/spec';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { startChromium } from './support/chromium.ts';
import { eventually } from './support/eventually.ts';
import { createProject } from './support/project.ts';
import { attempt, runEnd, runStart, testCase } from './support/report-events.ts';
import { openReport, seriousFindings } from './support/report-page.ts';
import { runChaos } from './support/run-chaos.ts';
import { startChaos } from './support/start-chaos.ts';

// Runs that mean harm, or came to harm.

let browser: Browser;
beforeAll(async () => void (browser = await startChromium()));
afterAll(() => browser.close());

const HOSTILE = `
import { test, expect } from '@chaos/test';
const bad = '<img src=x onerror=alert(1)></script><script>alert(2)</script>';
test(bad + ' title', () => { throw new Error(bad + ' message ]]> --> \${alert(3)}'); });
test('colours \\u001b[31mred\\u001b[0m and \\u001b]8;;javascript:alert(4)\\u0007a link\\u001b]8;;\\u0007', () => {
  console.log('\\u001b[2J\\u001b[31mwiped\\u001b[0m');
});
test('right \\u202eto left \\u05d0\\u05d1', () => {});
test('one line', () => { console.log('x'.repeat(1_000_000)); console.error('the end'); });
test('attaches a page', async ({}, info) => {
  await info.attach('page', { body: '<h1>hello</h1><script>parent.alert(5); top.document.title = "owned"</script>', contentType: 'text/html' });
  await info.attach('picture', { body: '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(6)</script><rect width="9" height="9"/></svg>', contentType: 'image/svg+xml' });
  await info.attach('<b>text</b>', { body: bad, contentType: 'text/plain' });
  await info.attach('script', { body: 'alert(7)', contentType: 'text/javascript' });
});
test('a purpose', { purpose: bad, tag: '@x' }, async () => { await test.step(bad, () => { expect(1).toBe(2); }); });
`;

test('markup, colours, directions and long lines are text', async () => {
  const project = createProject({ 'a.chaos.ts': HOSTILE });
  const run = await runChaos(project, ['run', '--workers', '1', '--retries', '0', '--reporter', 'html']);
  expect(run.code).toBe(1);
  expect(run.output).toContain(`Report: ${project.file('chaos-results/html/index.html')}`);
  const url = `file://${project.file('chaos-results/html/index.html')}`;
  const { page, complaints } = await openReport(browser, url);
  expect(await page.textContent('[aria-labelledby=failures]')).toContain('<img src=x onerror=alert(#)></script>');
  await page.goto(`${url}#/tests`);
  await page.waitForSelector('li.test');
  const titles = (await page.locator('li.test .title').allTextContents()).join('\n');
  expect(titles).toContain('</script><script>alert(2)</script> title');
  expect(titles).toContain('colours red and a link');
  const links = await page.locator('li.test a').evaluateAll((all) => all.map((each) => each.getAttribute('href')));
  expect(links).toHaveLength(6);
  for (const link of links) {
    await page.goto(url + link!);
    await page.waitForSelector('section h2');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(1280);
  }
  await page.goto(`${url}#/tests?q=${encodeURIComponent('"one line"')}`);
  await page.click('li.test a');
  await page.waitForSelector('.log li');
  expect(await page.textContent('.log')).toMatch(/… [\d,]+ more characters/);
  await page.click('.log button');
  expect(await page.textContent('.log')).toMatch(/x{100000}\n… \d+ characters are left out here …\nx{100000}/);
  await page.goto(`${url}#/tests?q=attaches`);
  await page.click('li.test a');
  await page.waitForSelector('iframe');
  expect(await page.frames()[1]!.textContent('h1')).toBe('hello');
  await page.goto(url);
  await page.waitForSelector('.tiles');
  expect(await page.title()).toBe('Chaos report');
  expect(await page.locator('img[src=x]').count()).toBe(0);
  // The frame of the attached page says that its script was blocked; nothing else complains.
  expect(complaints.filter((text) => !/sandboxed|script.*block|block.*script/i.test(text))).toEqual([]);
});

test('a run that was killed is shown up to its end', async () => {
  const project = createProject({
    'a.chaos.ts': `
      import { test } from '@chaos/test';
      import { appendFileSync } from 'node:fs';
      test('ended in time', () => {});
      test('was under way', async () => {
        appendFileSync(process.env.MARKS, 'under way\\n');
        await new Promise((resolve) => setTimeout(resolve, 100_000));
      });
      test('never began', () => {});
    `,
  });
  const run = startChaos(project, ['run', '--workers', '1', '--reporter', 'blob']);
  await run.marked('under way');
  const blobs = project.file('blob-report');
  // A line of the blob may come later than the mark of the next test.
  await eventually(
    () => readdirSync(blobs).some((name) => /"type":"test-end"/.test(readFileSync(join(blobs, name), 'utf8'))),
    () => 'no test has ended',
  );
  run.kill('SIGKILL');
  await run.exited;
  const merged = await runChaos(project, ['merge-reports', '--reporter', 'html']);
  expect(merged.code).toBe(1);
  const { page, complaints } = await openReport(browser, `file://${project.file('chaos-results/html/index.html')}`);
  expect(await page.textContent('.tiles')).toMatch(/2did not run1passed/);
  expect(await page.textContent('main')).toMatch(/ends before|cut off|is not whole|incomplete/i);
  expect(complaints).toEqual([]);
});

test('10,000 tests, 200 failed', async () => {
  const folder = mkdtempSync('/tmp/black-box-many-');
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const tests = Array.from({ length: 10_000 }, (_, index) =>
    testCase(`t${index}`, { title: `answers request ${index}`, category: `area-${index % 20}`, tags: ['@many'] }),
  );
  const reporter = createHtmlReporter({ outputFolder: join(folder, 'html') });
  const events: RunEvent[] = [
    runStart(tests),
    ...tests.map(({ id }, index): RunEvent => {
      const failed = index % 50 === 0;
      const error = {
        name: 'Error',
        message: `request ${index} was lost`,
        stack: `Error: lost\n${'    at body (/repo/x.ts:1:2)\n'.repeat(8)}`,
      };
      return {
        type: 'test-end',
        outcome: failed ? 'unexpected' : 'expected',
        attempt: attempt(id, failed ? { status: 'failed', failureClass: 'error', errors: [error] } : {}),
      };
    }),
    runEnd(),
  ];
  for (const event of events) reporter.onEvent(event);
  await reporter.end?.();
  expect(statSync(join(folder, 'html/data/index.js')).size).toBeLessThan(1_000_000);
  expect(readFileSync(join(folder, 'html/index.html'), 'utf8').length).toBeLessThan(3_000);
  const { page, complaints } = await openReport(browser, `file://${folder}/html/index.html`);
  expect(await page.textContent('h1')).toBe('200 tests failed');
  expect(await page.textContent('[aria-labelledby=failures]')).toContain('200 error request # was lost');
  await page.goto(`file://${folder}/html/index.html#/tests`);
  await page.waitForFunction(() => document.querySelectorAll('li.test').length >= 200);
  await page.fill('input[type=search]', 's:failed 9950');
  await page.waitForFunction(() => document.querySelectorAll('li.test').length === 1);
  await page.click('li.test a');
  await page.waitForSelector('.error');
  expect(await page.textContent('.error')).toContain('request 9950 was lost');
  await page.fill('input[type=search]', '');
  for (let count = 200; count < 600; count += 200) {
    await page.locator('button.more').scrollIntoViewIfNeeded();
    await page.waitForFunction((least) => document.querySelectorAll('li.test').length > least, count);
  }
  expect(await seriousFindings(page)).toEqual([]);
  expect(complaints).toEqual([]);
});
