import { defaultLayer } from './defaults.js';
import { valueAt, type Path } from './raw-config.js';
import { schema } from './schema.js';
import { aboutOf, nodeAt, shapeOf, type Node } from './schema-node.js';

const INTRODUCTION = `# Configuration reference

Generated from the schema (\`configReference()\` of @chaos/config); do not edit.

\`chaos.yaml\` is looked up in the working folder and above it, or named by \`--config\`. \`chaos.config.ts\` takes the same settings in
camelCase. Layers, strongest first: command line > \`CHAOS_*\` variables > \`chaos.config.ts\` > \`chaos.yaml\` > \`chaos.tuned.yaml\` > defaults.
Values from the command line and from variables are absolute: they are never scaled. Unknown keys are errors. \`chaos config\` prints each value in
force and where it comes from. \`CHAOS_ENVIRONMENT\` (\`--environment\`) selects the environment.
`;

/** The reference of all settings as Markdown, generated from the schema and the defaults. */
export function configReference(): string {
  const root = shapeOf(schema);
  const sections = root.kind === 'section' ? Object.entries(root.entries) : [];
  return `${INTRODUCTION}\n${sections.map(([key, node]) => describeSection(key, node)).join('\n')}`;
}

function describeSection(key: string, node: Node): string {
  const rows = rowsOf([key], node).map(
    (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`,
  );
  return `## ${key}\n\n${aboutOf(node).description}\n\n| key | allowed | default | meaning |\n|---|---|---|---|\n${rows.join('')}`;
}

function rowsOf(path: Path, node: Node): readonly (readonly string[])[] {
  const shape = shapeOf(node);
  if (shape.kind === 'section')
    return Object.entries(shape.entries).flatMap(([key, child]) => rowsOf([...path, key], child));
  if (shape.kind === 'named') {
    if (aboutOf(shape.value).description === undefined) return [row([...path, '<name>'], node, 'anything')];
    return rowsOf([...path, '<name>'], shape.value);
  }
  return [row(path, node, aboutOf(node).allowed ?? '')];
}

function row(path: Path, node: Node, allowed: string): readonly string[] {
  const { description, overriddenBy = [] } = aboutOf(node);
  const overridden =
    overriddenBy.length === 0 ? '' : ` Overridden by ${overriddenBy.map((name) => `\`${name}\``).join(', ')}.`;
  return [`\`${path.join('.')}\``, allowed, defaultOf(path), `${description}${overridden}`];
}

function defaultOf(path: Path): string {
  const wild = path.indexOf('<name>');
  const parent = wild < 0 ? undefined : valueAt(defaultLayer.data, path.slice(0, wild));
  const byName = Object.keys(parent ?? {}).flatMap((name) => {
    const value = valueAt(parent, [name, ...path.slice(wild + 1)]);
    return value === undefined ? [] : [`${name} ${printDefault(value)}`];
  });
  if (byName.length > 0) return byName.join(', ');
  const value = wild < 0 ? valueAt(defaultLayer.data, path) : undefined;
  return value === undefined ? inherited(path) : printDefault(value);
}

// What has no single default says where it comes from, or the map that it is in does.
function inherited(path: Path): string {
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
