import { expect, it } from 'vitest';
import { configReference } from './config-reference.js';
import { defaultLayer } from './defaults.js';
import { schemaOf } from './schema.js';
import { SHIPPED } from './shipped.test.fixture.js';
import { aboutOf, nodeAt, shapeOf, type Node } from './schema-node.js';
import { validate } from './sources/validate.js';

const schema = schemaOf(SHIPPED.map((each) => ({ ...each, own: true, hasUrl: true })));

it('the defaults are right by their own schema', () => {
  expect(validate(defaultLayer(SHIPPED), schema)).toEqual([]);
});

it('every setting is described, with what is allowed', () => {
  const bare = (node: Node, path: string): readonly string[] => {
    const shape = shapeOf(node);
    const { description, allowed } = aboutOf(node);
    const own = description === undefined || (shape.kind === 'setting' && allowed === undefined) ? [path] : [];
    if (shape.kind === 'section')
      return [...own, ...Object.entries(shape.entries).flatMap(([key, child]) => bare(child, `${path}.${key}`))];
    return shape.kind === 'named' ? [...own, ...bare(shape.value, `${path}.*`)] : own;
  };
  expect(bare(schema, '')).toEqual(['.projects.*.metadata.*', '.metadata.*']);
});

it('configReference() lists keys, defaults, and what overrides them', () => {
  const reference = configReference(SHIPPED);
  expect(reference).toContain(
    '| `environments.<name>.concurrent_requests` | a whole number from 1 to 100000 | ci `50`, local-development `100`, production-validation `500` |',
  );
  expect(reference).toContain('Overridden by `CHAOS_TIMEOUT`, `--request-timeout`.');
  expect(reference).toContain('| `target.variants.<name>.<name>` |');
  expect(reference).toContain(
    '| `runner.workers` | a whole number ≥ 1, or a percentage of the usable CPUs such as 50% | usable CPUs rounded down, from 1 to 4 |',
  );
  expect(reference).not.toContain('undefined');
});

it('nodeAt() finds nothing on inherited names', () => {
  expect(nodeAt(schema, ['runner', 'constructor'])).toBeUndefined();
});
