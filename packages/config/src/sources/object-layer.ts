import type { Layer, Source } from './layer.js';
import { printValue } from '../problem.js';
import { isMap, valueAt, type Path } from '../raw-config.js';
import { shapeOf, type Node } from '../schema-node.js';
import { validate, normalize } from './validate.js';

/**
 * Converts the settings of `chaos.config.ts`, which are in camelCase. Names chosen by the user stay unchanged.
 *
 * @param display name of the file for messages
 */
export function objectSource(display: string, settings: unknown): Source {
  const shape: Omit<Layer, 'data'> = {
    name: 'chaos.config.ts',
    source: () => display,
    sourceNamesSetting: false,
    spell,
  };
  const place = { ...shape, data: {} };
  if (!isMap(settings)) {
    const problem = `${display}: Cannot use the default export: current value is ${printValue(settings)}, allowed is an object`;
    return { raw: () => undefined, place, check: () => ({ layer: place, problems: [problem] }) };
  }
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
