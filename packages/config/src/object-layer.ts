import { relative } from 'node:path';
import type { Layer, Source } from './layer.js';
import { printValue } from './problem.js';
import { isMap, valueAt, type Path } from './raw-config.js';
import { fromTestConfig } from './test-config.js';
import { shapeOf, type Node } from './schema-node.js';
import { validate, normalize } from './validate.js';

/**
 * Converts the export of `chaos.config.ts`: the same settings in camelCase. Names chosen by the user stay unchanged.
 */
export function objectSource(file: string, value: unknown, cwd: string): Source {
  const display = relative(cwd, file);
  const shape: Omit<Layer, 'data'> = {
    name: 'chaos.config.ts',
    source: () => display,
    sourceNamesSetting: false,
    spell,
  };
  const place = { ...shape, data: {} };
  if (!isMap(value)) {
    const problem = `${display}: Cannot use the default export: current value is ${printValue(value)}, allowed is an object`;
    return { raw: () => undefined, place, check: () => ({ layer: place, problems: [problem] }) };
  }
  const settings = fromTestConfig(value);
  return {
    raw: (path) => valueAt(settings, path),
    place,
    check(root) {
      const layer: Layer = { ...shape, data: normalize(toSnakeCase(settings, root), root) as Layer['data'] };
      return { layer, problems: validate(layer, root) };
    },
  };
}

function toSnakeCase(value: unknown, node: Node | undefined): unknown {
  const shape = node === undefined ? undefined : shapeOf(node);
  if (!isMap(value) || shape === undefined || shape.kind === 'setting') return value;
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  if (shape.kind === 'named')
    return Object.fromEntries(entries.map(([key, each]) => [key, toSnakeCase(each, shape.value)]));
  return Object.fromEntries(
    entries.map(([key, each]) => {
      const snake = key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      return [snake, toSnakeCase(each, shape.entries[snake])];
    }),
  );
}

function spell(path: Path): string {
  return path.map((key) => key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())).join('.');
}
