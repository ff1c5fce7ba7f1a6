/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { onTestFinished } from 'vitest';
import type { Browser, Page } from 'playwright-core';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** Size and colours of a window. */
export interface Look {
  readonly width?: number;
  readonly colours?: 'light' | 'dark';
}

/** A page, and what its console has said that no page should say. */
export interface OpenedPage {
  readonly page: Page;
  readonly complaints: readonly string[];
}

/** Opens a report; its scripts may not ask any server for anything. */
export async function openReport(browser: Browser, url: string, look: Look = {}): Promise<OpenedPage> {
  const { width = 1280, colours = 'light' } = look;
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: colours });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    const { protocol } = new URL(request.url());
    if (!['file:', 'data:'].includes(protocol) && url.startsWith('file:')) complaints.push(`asked ${request.url()}`);
  });
  await page.goto(url);
  await page.waitForSelector('h1');
  return { page, complaints };
}

/** Findings of axe that it calls serious or critical, as one line each. */
export async function seriousFindings(page: Page): Promise<readonly string[]> {
  // The policy of the page allows no script of ours, so it comes through the debugger.
  const session = await page.context().newCDPSession(page);
  await session.send('Runtime.evaluate', { expression: readFileSync(AXE, 'utf8') });
  const { result } = await session.send('Runtime.evaluate', {
    expression: `axe.run({ preload: false }).then(({ violations }) => JSON.stringify(violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => id + ': ' + nodes.slice(0, 3).map(({ html, failureSummary }) => html.slice(0, 200) + ' ' + failureSummary).join(' | '))))`,
    awaitPromise: true,
    returnByValue: true,
  });
  return JSON.parse(String(result.value)) as string[];
}

/** Share of the pixels of a chart that have a colour of the style sheet, near enough. */
export async function inked(page: Page, title: string, colour: string): Promise<number> {
  return page.evaluate(
    ([wanted, name]) => {
      const figure = [...document.querySelectorAll('figure.plot')].find((each) =>
        each.querySelector('figcaption')?.textContent?.startsWith(wanted!),
      );
      const canvas = figure?.querySelector('canvas');
      if (canvas === null || canvas === undefined) throw new Error(`no chart ${wanted}`);
      const probe = document.createElement('canvas').getContext('2d')!;
      probe.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(name!);
      probe.fillRect(0, 0, 1, 1);
      const [red = 0, green = 0, blue = 0] = probe.getImageData(0, 0, 1, 1).data;
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      let hits = 0;
      for (let at = 0; at < data.length; at += 4)
        if (Math.abs(data[at]! - red) + Math.abs(data[at + 1]! - green) + Math.abs(data[at + 2]! - blue) < 40)
          hits += 1;
      return hits / (data.length / 4);
    },
    [title, colour] as const,
  );
}
