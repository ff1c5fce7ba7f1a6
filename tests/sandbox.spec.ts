import { createServer } from 'node:http';
import { once } from 'node:events';
import { readFileSync, readlinkSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { detectNamespace } from '@chaos/env';
import { createProject, type Project } from './support/project.ts';
import { runChaos } from './support/run-chaos.ts';
import { untilNothingIsLeft } from './support/until-nothing-is-left.ts';

const isPossible = (await detectNamespace({ signal: AbortSignal.timeout(10_000) })).available;
const SPEC = `
import { test } from '@chaos/test';
import { appendFileSync, readlinkSync } from 'node:fs';

const note = (what, value) => appendFileSync(process.env.NOTES, JSON.stringify({ what, value, place: process.env.TEST_PARALLEL_INDEX }) + '\\n');
const reach = (port) => fetch('http://127.0.0.1:' + port).then((response) => response.text(), (error) => error.cause.code);
for (const name of ['one', 'two']) {
  test(name, async ({ postgres }) => {
    await postgres.query('SELECT 1');
    note('namespace', readlinkSync('/proc/self/ns/net'));
    note('outside', await reach(process.env.OUTSIDE));
  });
}
test('plain', async () => note('plain', readlinkSync('/proc/self/ns/net')));
`;

interface Note {
  readonly what: string;
  readonly value: string;
  readonly place: string;
}

async function outsider(): Promise<number> {
  const server = createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

function projectWith(sandbox: string, rest = ''): Project {
  return createProject({
    'chaos.yaml': `network: { sandbox: ${sandbox} }\nrunner: { workers: 2, fully_parallel: true }\n${rest}`,
    'a.chaos.ts': SPEC,
  });
}

async function notesOf(project: Project, args: readonly string[] = []): Promise<readonly Note[]> {
  const run = await runChaos(project, ['run', ...args], {
    env: { NOTES: project.file('notes'), OUTSIDE: String(await outsider()) },
  });
  expect(run.code, run.output).toBe(0);
  await untilNothingIsLeft(run.footprint);
  return readFileSync(project.file('notes'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Note);
}

const valuesOf = (notes: readonly Note[], what: string): readonly string[] =>
  notes.filter((note) => note.what === what).map(({ value }) => value);

describe.runIf(isPossible)('network.sandbox', () => {
  test('auto gives each slot and its workers a network namespace of their own, which nothing outside can be reached from', async () => {
    const notes = await notesOf(projectWith('auto'));
    const namespaces = new Map(
      notes.filter(({ what }) => what === 'namespace').map(({ place, value }) => [place, value]),
    );
    for (const namespace of namespaces.values()) expect(namespace).not.toBe(readlinkSync('/proc/self/ns/net'));
    expect(new Set(namespaces.values()).size).toBe(namespaces.size);
    expect(valuesOf(notes, 'outside')).toEqual(['ECONNREFUSED', 'ECONNREFUSED']);
  });

  test('a run without slots makes none', async () => {
    const notes = await notesOf(projectWith('on'), ['--grep', 'plain']);
    expect(valuesOf(notes, 'plain')).toEqual([readlinkSync('/proc/self/ns/net')]);
  });

  test('off leaves everything where it is', async () => {
    const notes = await notesOf(projectWith('off'));
    expect(new Set(valuesOf(notes, 'namespace'))).toEqual(new Set([readlinkSync('/proc/self/ns/net')]));
    expect(valuesOf(notes, 'outside')).toEqual(['hello', 'hello']);
  });

  test('on refuses a service outside', async () => {
    const project = projectWith('on', `services: { postgres: { url: 'postgres://127.0.0.1:1/db' } }`);
    const run = await runChaos(project, ['run'], { env: { NOTES: project.file('notes'), OUTSIDE: '1' } });
    expect(run.code).toBe(3);
    expect(run.output).toContain(
      'Cannot put slots into network namespaces of their own: services.postgres.url is outside',
    );
  });
});
