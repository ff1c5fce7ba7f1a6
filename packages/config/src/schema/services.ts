import * as v from 'valibot';
import type { ServiceDescription } from '@chaos/spec';
import { section, setting, whole, type Node } from '../schema-node.js';
import { MAX_MS, TEXT } from './values.js';

/** A service that the configuration may name. */
export interface KnownService extends ServiceDescription {
  /** True for a user's own service, which has a `definition`. */
  readonly own: boolean;
  /** True if an external server can be used. */
  readonly hasUrl: boolean;
  /** For a dependency that is not started: how it is spoken to. */
  readonly speaks?: 'tcp' | 'http';
  /** True for one of several programs under test, which others reach as a service. */
  readonly isTarget?: boolean;
}

/** Services that the target depends on. */
export function services(known: readonly KnownService[]): Node {
  return section(
    'What the target depends on.',
    Object.fromEntries(known.map((service): [string, Node] => [service.name, nodeOf(service)])),
    { otherKeys: 'names of your own with a `definition`' },
  );
}

function nodeOf({ title, protocols, own, hasUrl }: KnownService): Node {
  const allowed = Object.keys(protocols);
  return section(`${title}.`, {
    ...(own && {
      definition: setting(TEXT, {
        description:
          'The module of a service of your own, relative to the folder of `chaos.yaml`, or a package: its default export is made by `defineService()`.',
        allowed: 'a path or the name of a package',
        defaultText: 'none: needed for a name that is not above',
      }),
    }),
    ...(hasUrl && {
      url: setting(
        v.pipe(
          v.string(),
          v.check((text) => URL.canParse(text) && (allowed.length === 0 || allowed.includes(new URL(text).protocol))),
        ),
        {
          description: 'Use this one instead of starting one; faults that need its process are refused then.',
          allowed:
            allowed.length === 0
              ? 'a URL with one of its protocols'
              : `a URL with ${allowed.map((protocol) => `${protocol}//`).join(' or ')}`,
          defaultText: 'started for each slot',
        },
      ),
    }),
    start_timeout_ms: whole(1, MAX_MS, { description: 'Budget for getting ready.' }),
  });
}
