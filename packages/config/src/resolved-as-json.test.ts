import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { resolveConfig } from './resolve-config.js';
import { SHIPPED, loadNothing } from './shipped.test.fixture.js';
import { resolvedAsJson } from './resolved-as-json.js';

it('resolvedAsJson() gives every value with its source, and no password', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'chaos-config-'));
  writeFileSync(
    join(cwd, 'chaos.yaml'),
    'services: { postgres: { url: "postgres://u:secret@h/d" } }\nmetadata: { team: { name: a } }\n',
  );
  const config = await resolveConfig({
    cwd,
    env: { CHAOS_SEED: 's' },
    overrides: { workers: '50%' },
    hardware: { usableCpus: 2, usableMemoryBytes: 2 ** 32 },
    ci: true,
    services: SHIPPED,
    loadDefinition: loadNothing,
  });
  rmSync(cwd, { recursive: true });
  expect(config.services['postgres']?.url).toBe('postgres://u:secret@h/d');

  const json = resolvedAsJson(config);
  expect(json).toMatchObject({
    concurrentRequests: { value: 25, source: 'default, 50 × 0.5', layer: 'default' },
    environment: { value: 'ci', source: 'default: CI detected' },
    'runner.seed': { value: 's', source: 'environment variable CHAOS_SEED' },
    'runner.workers': { value: 1, source: 'command line --workers, 50% of 2 usable CPUs' },
    'services.postgres.url': { value: 'postgres://u:***@h/d', source: 'chaos.yaml:1:30' },
    'services.redis.url': { value: null },
    'target.command': { value: null },
    'target.services': { value: [] },
    'target.env': { value: {} },
    'metadata.team.name': { value: 'a', source: 'chaos.yaml:2:19' },
  });
  expect(JSON.parse(JSON.stringify(json))).toEqual(json);
});
