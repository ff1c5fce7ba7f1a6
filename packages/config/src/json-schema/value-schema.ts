import type { Node } from '../schema-node.js';

/** Keywords of a JSON Schema. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What valibot keeps of a schema, or of one step of its pipe. */
interface Part {
  readonly type: string;
  readonly pipe?: readonly Part[];
  readonly options?: readonly unknown[];
  readonly item?: Part;
  readonly literal?: unknown;
  readonly requirement?: unknown;
}

/** The JSON Schema of a single value. Steps that JSON Schema has no word for are left out: it accepts more then. */
export function valueSchema(schema: Node): JsonSchema {
  return schemaOfPart(schema as unknown as Part);
}

function schemaOfPart(part: Part): JsonSchema {
  const steps = (part.pipe ?? []).slice(1).map((step) => keywordsOf(step, part.type));
  return Object.assign({}, typeOf(part), ...steps) as JsonSchema;
}

function typeOf({ type, options = [], item, literal }: Part): JsonSchema {
  switch (type) {
    case 'string':
    case 'number':
    case 'boolean':
      return { type };
    case 'literal':
      return { const: literal };
    case 'picklist':
      return { enum: options };
    case 'union':
      return { anyOf: (options as readonly Part[]).map(schemaOfPart) };
    case 'array':
      return { type: 'array', ...(item && { items: schemaOfPart(item) }) };
    default:
      return {};
  }
}

function keywordsOf({ type, requirement }: Part, of: string): JsonSchema {
  switch (type) {
    case 'safe_integer':
      return { type: 'integer' };
    case 'min_value':
      return { minimum: requirement };
    case 'max_value':
      return { maximum: requirement };
    case 'non_empty':
      return of === 'array' ? { minItems: 1 } : { minLength: 1 };
    case 'min_length':
      return of === 'array' ? { minItems: requirement } : { minLength: requirement };
    case 'regex':
      return { pattern: (requirement as RegExp).source };
    case 'starts_with':
      return { pattern: `^${String(requirement).replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`)}` };
    default:
      return {};
  }
}
