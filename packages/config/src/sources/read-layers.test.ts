import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isChaosError } from '@chaos/spec';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readLayers, type ConfigLayers, type ReadLayersOptions } from './read-layers.js';
import { resolveConfig, resolveLayers } from '../resolve-config.js';
import { loadNothing, SHIPPED } from '../shipped.test.fixture.js';

const SMALL = { usableCpus: 2, usableMemoryBytes: 4 * 2 ** 30 };
const LARGE = { usableCpus: 16, usableMemoryBytes: 64 * 2 ** 30 };
const known = { services: SHIPPED, loadDefinition: loadNothing };

let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'chaos-layers-'));
});
afterEach(() => {
  rmSync(cwd, { recursive: true });
});

const options = (): ReadLayersOptions => ({
  cwd,
  env: { CHAOS_SEED: 'from the environment', HOME: '/secret' },
  overrides: { retries: '2' },
  ci: true,
  configModule: { file: join(cwd, 'chaos.config.ts'), value: { timeout: 7000, grep: [/one/i, /two/] } },
});

const travelled = (layers: ConfigLayers): ConfigLayers => JSON.parse(JSON.stringify(layers)) as ConfigLayers;

test('layers that have travelled as JSON give the configuration that they give here', async () => {
  writeFileSync(
    join(cwd, 'chaos.yaml'),
    'runner:\n  output_dir: out\n  workers: 3\ntarget:\n  env: { VERSION: 1.10 }\n',
  );
  writeFileSync(join(cwd, 'chaos.tuned.yaml'), 'hardware_profiles:\n  low: { load_multiplier: 0.5 }\n');
  const layers = await readLayers(options());
  expect(JSON.stringify(layers)).not.toContain('/secret');
  const config = await resolveConfig({ ...options(), ...known, hardware: SMALL });
  expect(config.target.env).toEqual({ VERSION: '1.10' });
  expect(config.provenance['runner.workers']?.source).toBe('chaos.yaml:3:12');
  expect(config.runner.projects[0]?.grep).toEqual(['/one/i', '/two/']);
  // The files are not read again.
  rmSync(join(cwd, 'chaos.yaml'));
  rmSync(join(cwd, 'chaos.tuned.yaml'));
  expect(await resolveLayers(travelled(layers), { ...known, hardware: SMALL })).toEqual(config);
});

test('they are resolved again with other overrides, which do not stay', async () => {
  const layers = await readLayers(options());
  const settings = { ...known, hardware: SMALL };
  const again = await resolveLayers(layers, { ...settings, overrides: { retries: 0, seed: 'again' } });
  expect([again.runner.retries.count, again.runner.seed]).toEqual([0, 'again']);
  const before = await resolveLayers(layers, settings);
  expect([before.runner.retries.count, before.runner.seed]).toEqual([2, 'from the environment']);
});

test('another machine resolves them for itself, in its own folder', async () => {
  const there = join(cwd, 'there');
  mkdirSync(there);
  writeFileSync(join(cwd, 'chaos.yaml'), 'runner: { output_dir: out }\n');
  const layers = travelled(await readLayers(options()));
  const here = await resolveLayers(layers, { ...known, hardware: SMALL });
  const config = await resolveLayers(layers, { ...known, hardware: LARGE, cwd: there });
  expect([here.profile, config.profile]).toEqual(['low', 'high']);
  expect([config.rootDir, config.runner.outputDir]).toEqual([there, join(there, 'out')]);
  expect(config.runner.configModule).toBe(join(there, 'chaos.config.ts'));
});

test('a mistake is told with its place when they are resolved, wherever that is', async () => {
  writeFileSync(join(cwd, 'chaos.yaml'), 'runner:\n  workers: none\n');
  const layers = travelled(await readLayers(options()));
  const error: unknown = await resolveLayers(layers, { ...known, hardware: SMALL, cwd: '/somewhere' }).catch(
    (reason: unknown) => reason,
  );
  expect(isChaosError(error, 'USAGE') && error.data['problems']).toEqual([
    expect.stringMatching(/^chaos\.yaml:2:12: .*"none"/),
  ]);
});
