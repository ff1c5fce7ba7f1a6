import type { ServiceDescription } from '@chaos/spec';
import { defaultLayer } from './defaults.js';
import { valueAt, type Path } from './raw-config.js';
import { schemaOf } from './schema.js';
import { valueSchema, type JsonSchema } from './json-schema/value-schema.js';
import { aboutOf, acceptedBy, shapeOf, type Node } from './schema-node.js';
import type { KnownService } from './schema/services.js';

/** Key of a service whose name the user chooses. */
const OWN: KnownService = { name: '<own>', title: 'A service of your own', protocols: {}, own: true, hasUrl: true };

/**
 * The JSON Schema (draft-07) of `chaos.yaml`, made from the schema that the file is checked by: editors complete and
 * explain it. It accepts every file that is valid; rules between two settings are checked at the start of a run only.
 */
export function configSchema(shipped: readonly ServiceDescription[]): JsonSchema {
  const known = shipped.map((each) => ({ ...each, own: false, hasUrl: true }));
  const defaults = defaultLayer(shipped).data;
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'chaos.yaml',
    ...schemaOfNode(schemaOf([...known, OWN]), [], defaults),
  };
}

function schemaOfNode(node: Node, path: Path, defaults: unknown): JsonSchema {
  const { description, shorthand } = aboutOf(node);
  const shape = shapeOf(node);
  if (shape.kind === 'setting') return { description, ...valueSchema(acceptedBy(node)), ...defaultAt(defaults, path) };
  if (shape.kind === 'named')
    return {
      description,
      // A section of comments only is null to YAML.
      type: ['object', 'null'],
      ...(Object.keys(shape.known).length > 0 && { properties: propertiesOf(shape.known, path, defaults) }),
      additionalProperties: isDescribed(shape.value) ? schemaOfNode(shape.value, [...path, '<name>'], defaults) : true,
    };
  const { [OWN.name]: own, ...entries } = shape.entries;
  const object = {
    type: ['object', 'null'],
    properties: propertiesOf(entries, path, defaults),
    additionalProperties: own === undefined ? false : schemaOfNode(own, [...path, OWN.name], defaults),
  };
  const short = shorthand === undefined ? undefined : entries[shorthand];
  if (short === undefined) return { description, ...object };
  return { description, anyOf: [object, valueSchema(acceptedBy(short))] };
}

function propertiesOf(entries: Readonly<Record<string, Node>>, path: Path, defaults: unknown): JsonSchema {
  return Object.fromEntries(
    Object.entries(entries).map(([key, child]) => [key, schemaOfNode(child, [...path, key], defaults)]),
  );
}

function isDescribed(node: Node): boolean {
  return aboutOf(node).description !== undefined;
}

function defaultAt(defaults: unknown, path: Path): JsonSchema {
  const value = valueAt(defaults, path);
  return value === undefined ? {} : { default: value };
}
