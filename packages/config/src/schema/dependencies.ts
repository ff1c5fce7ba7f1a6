import * as v from 'valibot';
import { named, section, setting, whole, type Node } from '../schema-node.js';
import { MAX_MS } from './values.js';

/** A name of a user's own for a service or a dependency. */
export const OWN_NAME: RegExp = /^[a-z][a-z0-9]*$/;

const HOST_AND_PORT = /^(\[[\da-fA-F:.]+\]|[^\s/:@[\]]+):(\d{1,5})$/;

/** What the target depends on and chaos does not start: each is reached through a link. */
export const dependencies: Node = named(
  'What the target depends on and chaos does not start. Each is reached through a link, which can be broken; nothing in it is reset.',
  section('One dependency, by `tcp` or by `http`.', {
    tcp: setting(v.pipe(v.string(), v.check(isHostAndPort)), {
      description: 'Its address, whatever it speaks: all faults of links.',
      allowed: 'host:port',
      defaultText: 'none',
    }),
    http: setting(v.pipe(v.string(), v.check(isHttpUrl)), {
      description:
        'Its base URL: faults of HTTP besides those of links. The program is led to `http:`, also where this is `https:`.',
      allowed: 'a URL with http:// or https://',
      defaultText: 'none',
    }),
    env: setting(v.pipe(v.string(), v.regex(/^[^=\0]+$/)), {
      description:
        'The environment variable that tells the program where it is: `host:port`, or the URL. `{name.url}` `{name.host}` `{name.port}` in `target.env` are others.',
      allowed: 'a name without = and NUL',
      defaultText: 'none',
    }),
    timeout_ms: whole(1, MAX_MS, {
      description: 'Budget for reaching it at the start of a slot.',
      defaultText: '`10000`',
    }),
  }),
  { names: v.pipe(v.string(), v.regex(OWN_NAME, 'a name of lower case letters and digits')), defaultText: 'none' },
);

function isHostAndPort(text: string): boolean {
  const port = Number(HOST_AND_PORT.exec(text)?.[2] ?? 0);
  return port >= 1 && port <= 65_535;
}

/** True for a URL of HTTP, with or without TLS. */
export function isHttpUrl(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text);
}
