import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { RunEvent } from '@chaos/spec';
import { SaxesParser } from 'saxes';
import { expect, test } from 'vitest';
import { attempt, everyVerdict, failure, feed, finish, start, testCase } from '../sample-run.test.fixture.js';
import { createJunitReporter } from './junit-reporter.js';

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

/** The report as a strict XML parser reads it. */
async function parsed(events: readonly RunEvent[]): Promise<Element> {
  const stream = new PassThrough();
  const all = text(stream);
  await feed(createJunitReporter({ stream, suiteName: 'all' }), events);
  stream.end();
  const root: Element = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const element: Element = { name, attributes: attributes as Record<string, string>, children: [], text: '' };
    open.at(-1)!.children.push(element);
    open.push(element);
  });
  parser.on('closetag', () => void open.pop());
  parser.on('cdata', (data) => void (open.at(-1)!.text += data));
  parser.on('text', (data) => void (open.at(-1)!.text += data));
  parser.write(await all).close();
  return root.children[0]!;
}

const named = (element: Element, name: string): Element[] => [
  ...element.children.filter((child) => child.name === name),
  ...element.children.flatMap((child) => named(child, name)),
];
const caseOf = (root: Element, name: string): Element =>
  named(root, 'testcase').find(({ attributes }) => attributes['name']!.endsWith(name))!;

test('counts suites and cases, and shows errors of no test', async () => {
  const root = await parsed(everyVerdict());
  expect(root.attributes).toMatchObject({
    id: 'r1',
    name: 'all',
    tests: '9',
    failures: '1',
    errors: '2',
    skipped: '4',
    time: '9.000',
  });
  expect(root.children.map(({ attributes: { name, hostname, tests } }) => [name, hostname, tests])).toEqual([
    ['suites/cache/x.chaos.ts', '', '6'],
    ['suites/cache/x.chaos.ts', 'sample', '1'],
    ['suites/auth/a.chaos.ts', '', '1'],
    ['(run)', '', '1'],
  ]);
  for (const suite of root.children) {
    const bad = { failure: 'failures', error: 'errors', skipped: 'skipped' } as const;
    for (const [element, counter] of Object.entries(bad))
      expect(`${suite.attributes['name']} ${counter} ${named(suite, element).length}`).toBe(
        `${suite.attributes['name']} ${counter} ${suite.attributes[counter]}`,
      );
  }
});

test('has every attempt of a failed and of a flaky test', async () => {
  const root = await parsed(everyVerdict());
  const failed = caseOf(root, 'test f');
  expect(failed.children.slice(1).map(({ name, attributes }) => [name, attributes['message']])).toEqual([
    ['failure', 'stale read'],
    ['rerunFailure', 'stale read'],
  ]);
  expect(failed.children[1]!.text).toContain('> 8 |   expect(x)');
  expect(failed.attributes).toMatchObject({ classname: 'suites/cache/x.chaos.ts', time: '2.468' });
  expect(caseOf(root, 'test k').children.map(({ name }) => name)).toEqual(['flakyError']);
  expect(caseOf(root, 'test x').children.map(({ name }) => name)).toEqual(['error']);
  const mixed = await parsed([
    start([testCase('m')]),
    { type: 'test-end', attempt: attempt('m', { status: 'timedOut' }) },
    { type: 'test-end', attempt: attempt('m', { ...failure, retry: 1 }), outcome: 'unexpected' },
    finish(),
  ]);
  expect(caseOf(mixed, 'test m').children.map(({ name }) => name)).toEqual(['error', 'rerunFailure']);
});

test('says why a test tells nothing, and what it is for', async () => {
  const root = await parsed(everyVerdict());
  const reason = (name: string): string | undefined => named(caseOf(root, name), 'skipped')[0]?.attributes['message'];
  expect([reason('test s'), reason('test b'), reason('test i'), reason('test n')]).toEqual([
    'needs redis-server',
    'not today',
    'inconclusive: no deadlock up to 400',
    'did not run: stopped early',
  ]);
  expect(named(caseOf(root, 'test p'), 'property').map(({ attributes: { name, value } }) => [name, value])).toEqual([
    ['id', 'C01'],
    ['purpose', 'Reads survive.'],
  ]);
});

test('any text is XML', async () => {
  const escape = String.fromCharCode(27);
  const title = 'a <b> & "c" \u0000\ud800 ]]> €😀';
  const root = await parsed([
    start([testCase('z', { title })]),
    {
      type: 'test-end',
      attempt: attempt('z', {
        stdout: [`${escape}[31mred${escape}[39m ]]> `, '\u0001x'],
        attachments: [{ name: 'log', contentType: 'text/plain', path: '/repo/log.txt' }],
      }),
      outcome: 'expected',
    },
    finish(),
  ]);
  const found = named(root, 'testcase')[0]!;
  expect(found.attributes['name']).toBe('a <b> & "c"  ]]> €😀');
  expect(found.children.map(({ name, text: content }) => [name, content])).toEqual([
    ['system-out', 'red ]]> x\n[[ATTACHMENT|/repo/log.txt]]\n'],
  ]);
});
