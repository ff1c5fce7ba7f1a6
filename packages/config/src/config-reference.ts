import type { ServiceDescription } from '@chaos/spec';
import { defaultLayer } from './defaults.js';
import { valueAt, type Path } from './raw-config.js';
import { schemaOf } from './schema.js';
import type { KnownService } from './schema/services.js';
import { aboutOf, nodeAt, shapeOf, type Node } from './schema-node.js';

const INTRODUCTION = `# Configuration reference

Generated from the schema (\`configReference()\` of @chaos/config); do not edit.

\`chaos.yaml\` is looked up in the working folder and above it, or named by \`--config\`. \`chaos.config.ts\` takes the same settings in
camelCase. Layers, strongest first: command line > \`CHAOS_*\` variables > \`chaos.config.ts\` > \`chaos.yaml\` > \`chaos.tuned.yaml\` > defaults.
Values from the command line and from variables are absolute: they are never scaled. Unknown keys are errors. \`chaos config\` prints each value in
force and where it comes from. \`CHAOS_ENVIRONMENT\` (\`--environment\`) selects the environment.
`;

/** Source of the reference's rows: the schema and the defaults. */
interface Reference {
  readonly schema: Node;
  readonly defaults: unknown;
}

const OWN: KnownService = { name: '<own>', title: 'A service of your own', protocols: {}, own: true, hasUrl: true };

/** The reference of all settings as Markdown, generated from the schema and the defaults. */
export function configReference(shipped: readonly ServiceDescription[]): string {
  const schema = schemaOf([...shipped.map((each) => ({ ...each, own: false, hasUrl: true })), OWN]);
  const reference = { schema, defaults: defaultLayer([...shipped, OWN]).data };
  const root = shapeOf(schema);
  const sections = root.kind === 'section' ? Object.entries(root.entries) : [];
  return `${INTRODUCTION}\n${sections.map(([key, node]) => describeSection(reference, key, node)).join('\n')}`;
}

function describeSection(reference: Reference, key: string, node: Node): string {
  const rows = rowsOf(reference, [key], node).map(
    (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`,
  );
  return `## ${key}\n\n${aboutOf(node).description}\n\n| key | allowed | default | meaning |\n|---|---|---|---|\n${rows.join('')}`;
}

function rowsOf(reference: Reference, path: Path, node: Node): readonly (readonly string[])[] {
  const shape = shapeOf(node);
  if (shape.kind === 'section')
    return Object.entries(shape.entries).flatMap(([key, child]) => rowsOf(reference, [...path, key], child));
  if (shape.kind === 'named') {
    if (aboutOf(shape.value).description === undefined) return [row(reference, [...path, '<name>'], node, 'anything')];
    const known = Object.entries(shape.known).flatMap(([key, child]) => rowsOf(reference, [...path, key], child));
    return [...rowsOf(reference, [...path, '<name>'], shape.value), ...known];
  }
  return [row(reference, path, node, aboutOf(node).allowed ?? '')];
}

function row(reference: Reference, path: Path, node: Node, allowed: string): readonly string[] {
  const { description, overriddenBy = [] } = aboutOf(node);
  const overridden =
    overriddenBy.length === 0 ? '' : ` Overridden by ${overriddenBy.map((name) => `\`${name}\``).join(', ')}.`;
  return [`\`${path.join('.')}\``, allowed, defaultOf(reference, path), `${description}${overridden}`];
}

function defaultOf({ schema, defaults }: Reference, path: Path): string {
  const wild = path.indexOf('<name>');
  const parent = wild < 0 ? undefined : valueAt(defaults, path.slice(0, wild));
  const byName = Object.keys(parent ?? {}).flatMap((name) => {
    const value = valueAt(parent, [name, ...path.slice(wild + 1)]);
    return value === undefined ? [] : [`${name} ${printDefault(value)}`];
  });
  if (byName.length > 0) return byName.join(', ');
  const value = wild < 0 ? valueAt(defaults, path) : undefined;
  return value === undefined ? inherited(schema, path) : printDefault(value);
}

// A setting without a single default describes it in `defaultText`, or the nearest map around it does.
function inherited(schema: Node, path: Path): string {
  for (let length = path.length; length > 0; length--) {
    const node = nodeAt(schema, path.slice(0, length));
    const text = node === undefined ? undefined : aboutOf(node).defaultText;
    if (text !== undefined) return text;
  }
  return path[0] === 'pass_rates' ? 'the plain one' : 'none';
}

function printDefault(value: unknown): string {
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}
