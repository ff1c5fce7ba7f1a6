import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { TITLES, type InitService } from '../init-service.js';
import type { Plan } from '../plan.js';

const SCHEMA = join('node_modules', '@chaos', 'cli', 'chaos.schema.json');

/** The first line of a chaos.yaml in this folder: editors find there what each key means. */
export function schemaLine(folder: string): string {
  let current = folder;
  while (!existsSync(join(current, SCHEMA)) && current !== dirname(current)) current = dirname(current);
  const found = existsSync(join(current, SCHEMA)) ? current : folder;
  const path = relative(folder, join(found, SCHEMA)).replaceAll('\\', '/');
  return `# yaml-language-server: $schema=${path.startsWith('.') ? path : `./${path}`}`;
}

/** The text of chaos.yaml. */
export function chaosYaml(plan: Plan, folder: string): string {
  const runner = ['', 'runner:', '  test_dir: chaos', ''];
  const [first, ...others] = plan.programs;
  if (first === undefined)
    return [schemaLine(folder), 'target:', ...program(plan), '  driver: chaos/driver.ts', ...runner].join('\n');
  const several = [
    { ...plan, name: first.name },
    ...others.map((other) => ({ ...plan, ...other, ...(!other.isServer && WITHOUT_HTTP), setup: undefined })),
  ];
  return [
    schemaLine(folder),
    'targets:',
    ...several.flatMap((each) => [`  ${each.name}:`, ...program(each).map((line) => `  ${line}`)]),
    'target:',
    '  driver: chaos/driver.ts',
    ...runner,
  ].join('\n');
}

const WITHOUT_HTTP = { readyPath: undefined, readPath: undefined };

function program(plan: Plan): readonly string[] {
  return [
    `  command: ${scalar(plan.command)}`,
    ...(plan.setup === undefined ? [] : [`  setup: ${scalar(`npm run ${plan.setup}`)}`]),
    ...environment(plan),
    `  ready: ${readyOf(plan)}`,
    '  # Whether the program is started again before each test: on-fault, each-test, never.',
    '  restart: on-fault',
  ];
}

function environment({ env, unset, unreached }: Plan): readonly string[] {
  const lines = [
    ...[...env].map(([name, value]) => `    ${name}: ${scalar(value)}`),
    ...unreached.map(
      (service) => `    # ${TITLES[service]} is started and broken once a variable has '{${hintOf(service)}}'.`,
    ),
    ...unset.map((name) => `    # ${name}: the program reads it, too`),
  ];
  if (env.size > 0) return ['  env:', ...lines];
  return lines.length === 0 ? [] : ['  # env:', ...lines];
}

function hintOf(service: InitService): string {
  return `${service}.url`;
}

function readyOf({ readyPath, readPath, hasPort }: Plan): string {
  if (readyPath !== undefined) return `{ http: ${scalar(readyPath)} }`;
  if (readPath !== undefined && hasPort) return '{ port: true }';
  return readPath !== undefined ? `{ http: ${scalar(readPath)} }` : '{ alive_ms: 1000 }';
}

/** Plain where YAML reads the same text back. */
function scalar(text: string): string {
  return /^[A-Za-z/][\w./@+-]*(?: [\w./@+-]+)*$/.test(text) && !/^(true|false|null|yes|no|on|off)$/i.test(text)
    ? text
    : `'${text.replaceAll("'", "''")}'`;
}
