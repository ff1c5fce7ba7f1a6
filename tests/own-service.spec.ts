import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testsByTitle, type JsonReport } from './support/json-report.ts';
import { createProject } from './support/project.ts';
import { runChaos, type ChaosResult } from './support/run-chaos.ts';

const EXAMPLE = join(import.meta.dirname, '..', 'examples', 'plain-http');
const OUTAGE = 'notes can be read again after PostgreSQL was out of reach';
const POOL = 'the pool is as large as it was told, and no larger';
// Each run waits for time-outs of a real program, stretched to the machine.
const TIMEOUT_MS = 240_000;

/** Runs a copy of the example, as a user who took it over would. */
function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<ChaosResult> {
  const names = readdirSync(EXAMPLE).filter((name) => statSync(join(EXAMPLE, name)).isFile());
  const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(EXAMPLE, name), 'utf8')]));
  const project = createProject(files, join(EXAMPLE, 'node_modules'));
  return runChaos(project, ['--retries', '0', '--request-timeout', '2000', ...args], { env });
}

function failed(report: JsonReport): readonly string[] {
  return [...testsByTitle(report)].filter(([, { status }]) => status === 'unexpected').map(([title]) => title);
}

function attachment(report: JsonReport, title: string, name: string): unknown {
  const found = testsByTitle(report)
    .get(title)
    ?.results[0]?.attachments.find((attached) => attached.name === name);
  return JSON.parse(Buffer.from(found?.body ?? '', 'base64').toString('utf8'));
}

describe('a program of one’s own, without a change to it', () => {
  it.each([5, 10])(
    'is broken and survives, with exactly %i connections to PostgreSQL',
    { timeout: TIMEOUT_MS },
    async (size) => {
      const { code, output, report } = await run([], { CHAOS_POOL_SIZE: String(size) });
      expect(code, output).toBe(0);
      expect(report().stats).toMatchObject({ expected: 3, unexpected: 0, flaky: 0, skipped: 0 });
      expect(attachment(report(), POOL, 'connections')).toEqual({ size, connections: size });
    },
  );

  it.each([
    ['no-error-listener', OUTAGE, /toRecoverWithin/],
    ['unbounded-pool', POOL, /Expected: 10\n *Received: [1-9]\d+/],
  ])('is caught with its bug %s', { timeout: TIMEOUT_MS }, async (variant, title, message) => {
    const { code, output, report } = await run(['--variant', variant, '--grep', `${OUTAGE}|${POOL}`]);
    expect(code, output).toBe(1);
    expect(failed(report())).toEqual([title]);
    expect(output).toMatch(message);
  });
});
