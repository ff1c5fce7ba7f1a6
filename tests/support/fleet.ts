import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { noJournal, type Fault } from '@chaos/spec';
import { startPostgres } from '@chaos/services/postgres';
import { startRedis } from '@chaos/services/redis';
import { expect, onTestFinished } from 'vitest';
import type { Project } from './project.ts';

/** Key of the fleets of tests. */
export const KEY = 'a key that only these tests know';

/** Tests that wait. */
export const waits = (count: number, ms: number): string =>
  `import { test } from '@chaos/test';
for (let index = 0; index < ${count}; index++) test(\`t\${index}\`, async () => {
  await new Promise((resolve) => setTimeout(resolve, ${ms}));
});`;

/** The same text as several test files. */
export const manyFiles = (files: number, text: string): Record<string, string> =>
  Object.fromEntries(Array.from({ length: files }, (_, index) => [`f${index}.chaos.ts`, text]));

/** A reporter that writes each end of an attempt to the file `ends`, as it comes. */
export const REPORTER = `import { appendFileSync } from 'node:fs';
const write = (line) => appendFileSync(process.env.ENDS ?? 'ends', JSON.stringify(line) + '\\n');
export default class {
  onEvent(event) {
    if (event.type === 'run-error') process.stderr.write('run-error: ' + event.error.message + '\\n');
    if (event.type === 'test-skip') write({ id: event.testId, retry: 0, status: 'skipped', outcome: event.outcome, host: event.origin.host, files: [], errors: [event.reason] });
    if (event.type === 'test-end') {
      const { testId, retry, status, attachments, errors } = event.attempt;
      write({ id: testId, retry, status, outcome: event.outcome, host: event.origin.host, files: attachments.map(({ path }) => path), errors: errors.map(({ message }) => message) });
    }
  }
}`;

/** The end of an attempt, as {@link REPORTER} writes it. */
export interface End {
  readonly id: string;
  readonly retry: number;
  readonly status: string;
  readonly outcome?: string;
  readonly host: string;
  readonly files: readonly (string | undefined)[];
  readonly errors: readonly string[];
}

/** The ends of attempts so far. */
export function endsOf(project: Project, file = 'ends'): readonly End[] {
  if (!existsSync(project.file(file))) return [];
  return readFileSync(project.file(file), 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as End);
}

/** Verdicts by test; a second one of the same test is a failure. */
export function verdictsOf(ends: readonly End[]): ReadonlyMap<string, string> {
  const verdicts = new Map<string, string>();
  for (const { id, outcome } of ends) {
    if (outcome === undefined) continue;
    expect(verdicts.has(id), `a second verdict on ${id}`).toBe(false);
    verdicts.set(id, outcome);
  }
  return verdicts;
}

/** A store for fleets, which can be restarted. */
export interface FleetStore {
  readonly url: string;
  /** Redis comes back empty, PostgreSQL with its data. */
  restart(): Fault;
}

/** Starts a store; it ends with the test. */
export async function startStore(kind: 'redis' | 'postgres', project: Project): Promise<FleetStore> {
  const directory = project.file('store');
  mkdirSync(directory);
  chmodSync(directory, 0o755);
  const { signal } = new AbortController();
  const options = {
    port: await freePort(),
    directory,
    journal: noJournal,
    log: () => {},
    startTimeoutMs: 60_000,
    signal,
  };
  const server = kind === 'redis' ? await startRedis(options) : await startPostgres(options);
  onTestFinished(() => server[Symbol.asyncDispose]());
  return {
    url: server.url,
    restart: () => ('terminateBackends' in server ? server.restart('fast') : server.restart()),
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
