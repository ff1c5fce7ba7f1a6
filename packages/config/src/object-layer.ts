import { relative } from 'node:path';
import type { Layer, LoadedLayer } from './layer.js';
import { printValue } from './problem.js';
import { isMap, type Path } from './raw-config.js';
import { fromTestConfig } from './test-config.js';
import { schema } from './schema.js';
import { shapeOf, type Node } from './schema-node.js';
import { validate, normalize } from './validate.js';

/** Takes what `chaos.config.ts` exports: the same settings in camelCase. Names that the user chose stay as they are. */
export function objectLayer(file: string, value: unknown, cwd: string): LoadedLayer {
  const display = relative(cwd, file);
  const shape: Omit<Layer, 'data'> = {
    name: 'chaos.config.ts',
    source: () => display,
    sourceNamesSetting: false,
    spell,
  };
  if (!isMap(value))
    return {
      layer: { ...shape, data: {} },
      problems: [
        `${display}: Cannot use the default export: current value is ${printValue(value)}, allowed is an object`,
      ],
    };
  const layer: Layer = { ...shape, data: normalize(toSnakeCase(fromTestConfig(value), schema)) as Layer['data'] };
  return { layer, problems: validate(layer) };
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
