import * as v from 'valibot';
import type { ServiceDescription } from '@chaos/spec';
import { choice, named, namedBeside, section, setting, whole, type Node } from '../schema-node.js';
import { isHttpUrl, OWN_NAME } from './dependencies.js';
import { placeholdersOf } from './placeholders.js';
import { MAX_MS, TEXT } from './values.js';

// Programs get text: a NUL would end it, and a JavaScript number is exact only up to this value.
const VARIABLE_VALUE = v.union([
  v.pipe(v.string(), v.excludes('\0')),
  v.pipe(v.number(), v.finite(), v.minValue(Number.MIN_SAFE_INTEGER), v.maxValue(Number.MAX_SAFE_INTEGER)),
  v.boolean(),
]);
const variable = (services: readonly ServiceDescription[]): Node =>
  setting(VARIABLE_VALUE, {
    asWritten: true,
    description: `An environment variable; numbers arrive as they are written. May hold ${Object.keys(
      placeholdersOf(services),
    )
      .map((name) => `\`{${name}}\``)
      .join(' ')}.`,
    allowed: 'a string without NUL, a number (write long ones as strings), true or false',
  });

const VARIABLE_NAME = v.pipe(v.string(), v.regex(/^[^=\0]+$/, 'a name without = and NUL'));

const COMMAND = v.union([TEXT, v.pipe(v.array(v.pipe(v.string(), v.excludes('\0'))), v.minLength(1))]);
const COMMAND_ALLOWED = 'a string or a list of strings, without NUL';

// Exactly one way, of which `path` is the default; resolveTarget() checks that.
const ready = (): Node =>
  section(
    'Check that the program is ready, at each start: one of `http`, `log`, `port`, `command`, `sql` and `alive`.',
    {
      http: setting(v.pipe(v.string(), v.startsWith('/')), {
        description: 'Path on `{port}` that answers with HTTP 2xx once it is ready.',
        allowed: 'a path that starts with /',
        defaultText: '`path`',
      }),
      path: setting(v.pipe(v.string(), v.startsWith('/')), {
        description: 'The same as `http`.',
        allowed: 'a path that starts with /',
      }),
      log: setting(v.pipe(TEXT, v.check(isPattern)), {
        description: 'Text of a line that it prints once it is ready, or a regular expression `/…/`.',
        allowed: 'a text, or a regular expression in slashes',
        defaultText: 'none',
      }),
      port: setting(v.literal(true), {
        description: 'It is ready once it listens on `{port}`.',
        allowed: 'true',
        defaultText: 'none',
      }),
      command: setting(COMMAND, {
        description: 'A command that exits with 0 once it is ready, with the environment of the program.',
        allowed: COMMAND_ALLOWED,
        defaultText: 'none',
      }),
      sql: setting(TEXT, {
        description: 'A query that returns a row once it is ready, in the PostgreSQL of the program.',
        allowed: 'a query',
        defaultText: 'none',
      }),
      alive_ms: whole(0, MAX_MS, {
        description: 'It is ready once it has run for so long: for a program that shows nothing.',
        defaultText: 'none',
      }),
      timeout_ms: whole(1, MAX_MS, { description: 'Budget for getting ready, and for `setup`.' }),
    },
  );

function isPattern(text: string): boolean {
  const source = /^\/(.+)\/$/.exec(text)?.[1];
  if (source === undefined) return true;
  try {
    return new RegExp(source, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}

const discovered = (value: Node): Node =>
  section('Variants that are found instead of listed: one for each file.', {
    files: setting(v.pipe(TEXT, v.includes('*')), {
      description:
        'Files, one for each variant, relative to the folder of `chaos.yaml`. A `*` stands for a name without dots; the last one is the name of the variant.',
      allowed: 'a path with *, such as defects/*.ts',
      defaultText: 'none',
    }),
    env: named(
      'Environment variables of each, with `{variant}` for its name and `{variant.file}` for its file.',
      value,
      { defaultText: 'none', names: VARIABLE_NAME },
    ),
  });

const NAME = v.pipe(v.string(), v.regex(/^[A-Za-z0-9][\w.:@/-]*$/));

// resolveExternal() checks which of them go together.
const external = (): Node =>
  section(
    'A program that runs already, in Docker Compose or on another host: chaos attaches to it and starts nothing.',
    {
      url: setting(v.pipe(v.string(), v.check(isHttpUrl)), {
        description: 'URL at which it answers, as this machine reaches it.',
        allowed: 'a URL with http:// or https://',
        defaultText: 'none',
      }),
      pid: whole(2, 2 ** 22, {
        description: 'Its process, which can be stopped then: on this machine, on `host`, or in `pod`.',
        defaultText: 'none',
      }),
      container: setting(NAME, {
        description:
          'Its Docker container, which can be stopped, killed and restarted then: of this machine, or of `host`.',
        allowed: 'a name or an id of a container',
        defaultText: 'none',
      }),
      host: setting(v.pipe(v.string(), v.regex(/^[^\s-]\S*$/)), {
        description: 'The host of `pid` or `container`, as ssh has it; no password is asked for.',
        allowed: 'a destination for ssh',
        defaultText: 'this machine',
      }),
      pod: setting(NAME, {
        description: 'Its pod in Kubernetes, where `pid` is a process of it.',
        allowed: 'a name of a pod',
        defaultText: 'none',
      }),
      namespace: setting(NAME, {
        description: 'Namespace of `pod`.',
        allowed: 'a name of a namespace',
        defaultText: 'that of the context of kubectl',
      }),
    },
  );

// What every program under test is told.
const program = (value: Node): Readonly<Record<string, Node>> => ({
  command: setting(COMMAND, {
    description:
      'The program and its arguments, with the same placeholders as `env`. A string is split at spaces, quotes are honoured; no shell is started.',
    allowed: COMMAND_ALLOWED,
    defaultText: 'none: tests that need a target are refused',
  }),
  setup: setting(COMMAND, {
    description:
      'A command that is run in each slot before the program starts first, with its environment: migrations. It must exit with 0.',
    allowed: COMMAND_ALLOWED,
    defaultText: 'none',
  }),
  external: external(),
  cwd: setting(TEXT, {
    description: 'Working folder, relative to the folder of `chaos.yaml`.',
    allowed: 'a path',
    defaultText: 'the folder of `chaos.yaml`',
  }),
  env: named('Environment variables of the program.', value, { defaultText: 'none', names: VARIABLE_NAME }),
  ready: ready(),
  restart: choice(['on-fault', 'each-test', 'never'], {
    description:
      'When the reset before a test starts it again: where it is down or does not answer, always, or never (then the slot is rebuilt).',
  }),
});

/** The program under test, which depends on some of these services. */
export function target(services: readonly ServiceDescription[]): Node {
  const value = variable(services);
  return section('The program under test; with `targets`, what they share: `driver` and `variants`.', {
    ...program(value),
    driver: setting(TEXT, {
      description: 'Module of the driver (contract `TargetDriver`), relative to the folder of `chaos.yaml`.',
      allowed: 'a path',
      defaultText: 'none',
    }),
    variants: namedBeside(
      'Named sets of environment variables on top of `env`: `chaos run --variant NAME`.',
      { from: discovered(value) },
      named('One variant.', value, { defaultText: 'none', names: VARIABLE_NAME }),
    ),
  });
}

/** Several programs under test, and copies of them, by name and in the order of their start. */
export function targets(services: readonly ServiceDescription[]): Node {
  return named(
    'Several programs under test, by name: they start in this order, and the first one is `target` to tests and the driver. Each reaches the others by `{name.url}` and so on, through links.',
    section('One of several programs.', {
      ...program(variable(services)),
      replicas: whole(1, 16, {
        description: 'How many of it run; connections to it go to those that run in turn.',
        defaultText: '`1`',
      }),
    }),
    { names: v.pipe(v.string(), v.regex(OWN_NAME, 'a name of lower case letters and digits')), defaultText: 'none' },
  );
}
