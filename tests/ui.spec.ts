import { writeFileSync } from 'node:fs';
import { request } from 'node:http';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startChromium } from './support/chromium.ts';
import { eventually } from './support/eventually.ts';
import { createProject, type Project } from './support/project.ts';
import { seriousFindings } from './support/report-page.ts';
import { startChaos, type ChaosProcess } from './support/start-chaos.ts';

// `chaos ui` in a real browser: runs, reruns, stops, watches; and keeps others out.

let browser: Browser;
beforeAll(async () => void (browser = await startChromium()));
afterAll(() => browser.close());

const TESTS = `
import { test, expect } from '@chaos/test';
import { existsSync } from 'node:fs';
test('passes', () => {});
test('is broken', () => { expect(existsSync(new URL('fixed', 'file://' + __filename))).toBe(true); });
test('waits', async ({}, info) => {
  if (!existsSync(new URL('slow', 'file://' + __filename))) return;
  await test.step('in the middle', async () => {
    console.log('waiting now');
    await new Promise((resolve, reject) => {
      info.signal.addEventListener('abort', () => reject(info.signal.reason));
      setTimeout(resolve, 100_000);
    });
  });
});
`;

async function startUi(project: Project): Promise<{ readonly run: ChaosProcess; readonly url: string }> {
  const run = startChaos(project, ['ui', '--workers', '1', '--retries', '0']);
  const url = await eventually(
    () => /http:\/\/127\.0\.0\.1:\d+\/\?token=\S+/.exec(run.stdout())?.[0],
    () => `no address: ${run.stdout()}${run.stderr()}`,
  );
  return { run, url };
}

const settled = (page: Page, words: string): Promise<unknown> =>
  page.waitForFunction(
    (text) => {
      const now = document.querySelector('.now')?.textContent ?? '';
      return now.includes('Nothing runs') && document.querySelector('.tiles')?.textContent?.includes(text);
    },
    words,
    { timeout: 60_000 },
  );

test('runs, reruns what failed, stops, watches, and forgets nothing when the page is closed', async () => {
  const project = createProject({
    'a.chaos.ts': TESTS,
    'b.chaos.ts': `import { test } from '@chaos/test'; test('other', () => {});`,
  });
  const { run, url } = await startUi(project);
  const context = await browser.newContext();
  const complaints: string[] = [];
  const open = async (address: string): Promise<Page> => {
    const page = await context.newPage();
    page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(address);
    await page.waitForSelector('.now');
    return page;
  };
  let page = await open(url);
  expect(page.url()).not.toContain('token');
  await page.waitForFunction(() => document.querySelector('.tiles')?.textContent?.includes('4did not run'));
  expect(await seriousFindings(page)).toEqual([]);
  await page.click('text=Run all');
  await settled(page, '1failed3passed');

  writeFileSync(project.file('fixed'), '');
  await page.click('text=Rerun failed (1)');
  await settled(page, '4passed');

  // A test that goes on: its step and its lines are there before it ends. The page is closed and opened again.
  writeFileSync(project.file('slow'), '');
  await page.fill('input[type=search]', 'waits');
  await page.click('text=Run the 1 test of the search');
  await page.waitForFunction(() => document.querySelector('.running')?.textContent?.includes('in the middle'));
  const home = new URL('/', url).href;
  await page.close();
  page = await open(home);
  await page.waitForFunction(() => document.querySelector('.running')?.textContent?.includes('waits'));
  await page.click('.running a');
  await page.waitForSelector('.log li');
  expect(await page.textContent('.log')).toContain('waiting now');
  expect(await page.textContent('.lanes')).toContain('in the middle');
  await page.goto(home);
  await page.waitForSelector('.now');
  await page.click('text=Stop');
  await settled(page, '1interrupted3passed');

  await page.click('text=Watch files');
  await page.waitForSelector("[aria-pressed='true']:has-text('Watch files')");
  writeFileSync(
    project.file('b.chaos.ts'),
    `import { test } from '@chaos/test'; test('other', () => { throw new Error('changed'); });`,
  );
  await page.waitForFunction(() => document.querySelector('.now')?.textContent?.includes('changed: b.chaos.ts'));
  await settled(page, '1failed1interrupted2passed');
  expect(await page.textContent('[aria-labelledby=failures]')).toContain('changed');

  run.kill('SIGINT');
  expect((await run.exited).code).toBe(130);
  await page.waitForFunction(() => document.querySelector('.now')?.textContent?.includes('does not answer'));
  expect(complaints.filter((text) => !text.includes('ERR_'))).toEqual([]);
  await context.close();
});

test('the address works once, and only for a page of its own on this machine', async () => {
  const project = createProject({ 'a.chaos.ts': TESTS });
  const { run, url } = await startUi(project);
  const { port, searchParams } = new URL(url);
  const ask = (
    path: string,
    headers: Record<string, string> = {},
    method = 'GET',
  ): Promise<{ status: number; cookie: string; policy: string }> =>
    new Promise((resolve, reject) => {
      const asked = request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
        response.resume();
        const { 'set-cookie': cookies, 'content-security-policy': policy } = response.headers;
        resolve({ status: response.statusCode!, cookie: cookies?.[0] ?? '', policy: String(policy) });
      });
      asked.on('error', reject).end();
    });
  expect((await ask('/')).status).toBe(401);
  expect((await ask('/?token=guess')).status).toBe(401);
  const entered = await ask(`/?token=${searchParams.get('token')}`);
  expect(entered).toMatchObject({ status: 303, cookie: expect.stringMatching(/HttpOnly; SameSite=Strict/) as unknown });
  expect((await ask(`/?token=${searchParams.get('token')}`)).status).toBe(401);
  const cookie = entered.cookie.split(';')[0]!;
  const own = { origin: `http://127.0.0.1:${port}`, 'content-type': 'application/json' };
  expect((await ask('/', { cookie })).status).toBe(200);
  expect((await ask('/api/watch', { cookie, ...own }, 'POST')).status).toBe(202);
  expect((await ask('/api/watch', { ...own }, 'POST')).status).toBe(401);
  expect((await ask('/api/watch', { cookie }, 'POST')).status).toBe(403);
  expect((await ask('/api/watch', { cookie, origin: 'http://evil.example' }, 'POST')).status).toBe(403);
  expect((await ask('/api/events', { cookie, origin: 'null' })).status).toBe(403);
  expect((await ask('/', { cookie, host: `evil.example:${port}` })).status).toBe(421);
  expect((await ask('/api/nothing', { cookie, ...own }, 'POST')).status).toBe(404);
  run.kill('SIGTERM');
  expect((await run.exited).code).toBe(143);
});
