import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resolveConfig } from '@chaos/config';
import { SHIPPED } from '@chaos/services/descriptions';
import { Ajv } from 'ajv';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';

interface Schema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
}

const FILE = join(import.meta.dirname, '..', 'packages', 'cli', 'chaos.schema.json');
const schema = JSON.parse(readFileSync(FILE, 'utf8')) as Schema;
const isAccepted = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema);

async function isValid(text: string): Promise<boolean> {
  const cwd = mkdtempSync('/tmp/chaos-schema-');
  onTestFinished(() => rmSync(cwd, { recursive: true }));
  writeFileSync(join(cwd, 'chaos.yaml'), text);
  // A variant that is discovered; a pattern that fits nothing is refused.
  mkdirSync(join(cwd, 'scripts'));
  writeFileSync(join(cwd, 'scripts', 'slow.mjs'), '');
  return resolveConfig({
    cwd,
    env: {},
    overrides: {},
    hardware: { usableCpus: 4, usableMemoryBytes: 8 * 2 ** 30 },
    ci: false,
    services: SHIPPED,
    loadDefinition: async () => ({}),
  }).then(
    () => true,
    () => false,
  );
}

test('every key is described', () => {
  const undescribed = (node: Schema, path: string): readonly string[] => [
    ...(node.description ? [] : [path]),
    ...[node, ...(node.anyOf ?? [])].flatMap(({ properties = {}, additionalProperties }) => [
      ...Object.entries(properties).flatMap(([key, child]) => undescribed(child, `${path}.${key}`)),
      ...(typeof additionalProperties === 'object' ? undescribed(additionalProperties, `${path}.<name>`) : []),
    ]),
  ];
  expect(undescribed(schema, 'chaos.yaml')).toEqual([]);
});

test.each([
  'target: { command: node server.mjs }',
  'target: { command: [node, server.mjs], env: { PORT: "{port}", DEBUG: 1, ON: true } }',
  'target: { command: a, ready: { path: /ready, timeout_ms: 100 }, variants: { slow: { SLOW: 1 } } }',
  'target:\nrunner:\n  # nothing yet\n',
  'runner: { retries: 2, workers: 50%, reporters: [list] }',
  'runner: { retries: { count: 1, placement: end }, expect: { to_pass: { intervals_ms: [1, 2] } } }',
  'services: { postgres: { url: postgres://localhost/x } }',
  'projects: { one: { test_dir: a, grep: /x/ } }',
  'target: { command: a, variants: { slow: { SLOW: 1 }, from: { files: scripts/*.mjs, env: { BUG: "{variant}" } } } }',
  'metadata: { anything: [1, { goes: here }] }',
  'secret: [API_KEY]',
])('accepts what is valid: %s', async (text) => {
  expect(await isValid(text)).toBe(true);
  expect(isAccepted(parse(text)), JSON.stringify(isAccepted.errors)).toBe(true);
});

test.each([
  'targts: {}',
  'target: { comand: node }',
  'target: { command: [] }',
  'target: { ready: { path: ready } }',
  'target: { ready: { port: 3000 } }',
  'target: { restart: sometimes }',
  'runner: { workers: 0 }',
  'runner: { workers: 150% }',
  'runner: { test_timeout_ms: 1.5 }',
  'runner: { retries: { count: -1 } }',
  'runner: { retries: many }',
  'runner: { expect: { to_pass: { intervals_ms: [] } } }',
  'environments: { ci: { timeout_seconds: 0 } }',
  'target: { variants: { from: { file: bugs/*.mjs } } }',
  'network: { backend: tcp }',
  'secret: API_KEY',
])('refuses what is not: %s', async (text) => {
  expect(await isValid(text)).toBe(false);
  expect(isAccepted(parse(text))).toBe(false);
});
