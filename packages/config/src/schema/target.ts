import * as v from 'valibot';
import type { ServiceDescription } from '@chaos/spec';
import { named, section, setting, whole, type Node } from '../schema-node.js';
import { placeholdersOf } from '../resolve/placeholders.js';
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

/** The program under test, which depends on some of these services. */
export function target(services: readonly ServiceDescription[]): Node {
  const value = variable(services);
  return section('The program under test.', {
    command: setting(v.union([TEXT, v.pipe(v.array(v.pipe(v.string(), v.excludes('\0'))), v.minLength(1))]), {
      description:
        'The program and its arguments, with the same placeholders as `env`. A string is split at spaces, quotes are honoured; no shell is started.',
      allowed: 'a string or a list of strings, without NUL',
      defaultText: 'none: tests that need a target are refused',
    }),
    cwd: setting(TEXT, {
      description: 'Working folder, relative to the folder of `chaos.yaml`.',
      allowed: 'a path',
      defaultText: 'the folder of `chaos.yaml`',
    }),
    env: named('Environment variables of the program.', value, { defaultText: 'none', names: VARIABLE_NAME }),
    ready: section('Check that the program is ready.', {
      path: setting(v.pipe(v.string(), v.startsWith('/')), {
        description: 'Path on `{port}` that answers with HTTP 2xx once it is ready.',
        allowed: 'a path that starts with /',
      }),
      timeout_ms: whole(1, MAX_MS, { description: 'Budget for getting ready.' }),
    }),
    driver: setting(TEXT, {
      description: 'Module of the driver (contract `TargetDriver`), relative to the folder of `chaos.yaml`.',
      allowed: 'a path',
      defaultText: 'none',
    }),
    variants: named(
      'Named sets of environment variables on top of `env`: `chaos run --variant NAME`.',
      named('One variant.', value, { defaultText: 'none', names: VARIABLE_NAME }),
    ),
  });
}
