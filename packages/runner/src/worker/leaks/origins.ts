import { createHook, executionAsyncId } from 'node:async_hooks';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import type { Location } from '@chaos/spec';
import { serializeError } from '../../data/serialize-error.js';
import { stackAbove } from './stack-above.js';
import { RESOURCE_KINDS } from './resource-kinds.js';

/** A resource opened while watching, and still open. */
export interface Opened {
  readonly kind: string;
  readonly what: string;
  readonly location: Location | undefined;
}

/** Origins of open resources. */
export interface Origins {
  living(): readonly Opened[];
  /** Position at which the TCP connection with this local port was opened. */
  ofPort(port: number): Location | undefined;
  /** Position at which the file with this descriptor was opened. */
  ofDescriptor(descriptor: number): Location | undefined;
  /** Stops watching. */
  stop(): void;
}

interface Entry {
  readonly type: string;
  readonly parent: number;
  /** Without promises: there are too many. */
  readonly origin: Error | undefined;
  readonly resource: object;
}

const NAMES = new Map(RESOURCE_KINDS.map(({ hook, active, name }) => [hook, { active, name }]));
const MOST = 200_000;
const MOST_LINKS = 50;
const FRAMES = 40;

/** Remembers the stack of everything opened from now on. Expensive: only for the second run of a test that leaked. */
export function traceOrigins(): Origins {
  const entries = new Map<number, Entry>();
  const alive = new Set<number>();
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = FRAMES;
  const init = (asyncId: number, type: string, _: number, resource: object): void => {
    if (entries.size > MOST) return;
    entries.set(asyncId, {
      type,
      parent: executionAsyncId(),
      origin: type === 'PROMISE' ? undefined : stackAbove(init),
      resource,
    });
    if (NAMES.has(type)) alive.add(asyncId);
  };
  const hook = createHook({ init, destroy: (asyncId) => void alive.delete(asyncId) }).enable();
  const descriptors = traceDescriptors();

  // The call may have gone through a name lookup or the like: then use the origin of the lookup.
  const locate = (asyncId: number, depth = 0): Location | undefined => {
    const entry = entries.get(asyncId);
    if (!entry || depth > MOST_LINKS) return undefined;
    return (entry.origin && serializeError(entry.origin).location) ?? locate(entry.parent, depth + 1);
  };
  return {
    living: () =>
      [...alive].flatMap((asyncId): Opened[] => {
        const { type, resource } = entries.get(asyncId) as Entry;
        const kind = NAMES.get(type);
        if (!kind || (resource as { hasRef?: () => boolean }).hasRef?.() === false) return [];
        return [{ kind: kind.active, what: describe(kind.name, resource), location: locate(asyncId) }];
      }),
    ofPort: (port) => {
      const found = [...alive].find((asyncId) =>
        address(entries.get(asyncId)?.resource ?? {}, 'getsockname')?.endsWith(`:${port}`),
      );
      return found === undefined ? undefined : locate(found);
    },
    ofDescriptor: (descriptor) => {
      const origin = descriptors.origins.get(descriptor);
      return origin && serializeError(origin).location;
    },
    stop() {
      hook.disable();
      descriptors.stop();
      Error.stackTraceLimit = limit;
    },
  };
}

function describe(name: string, resource: object): string {
  const { _idleTimeout: delayMs, _repeat: repeat } = resource as { _idleTimeout?: unknown; _repeat?: unknown };
  if (name === 'timer')
    return typeof repeat === 'number' ? `an interval of ${repeat} ms` : `a timer of ${String(delayMs)} ms`;
  const peer = address(resource, 'getpeername');
  if (peer !== undefined) return `a ${name} to ${peer}`;
  const own = address(resource, 'getsockname');
  return own === undefined ? `a ${name}` : `a ${name} on ${own}`;
}

function address(resource: object, method: 'getpeername' | 'getsockname'): string | undefined {
  try {
    const into: { address?: string; port?: number } = {};
    (resource as Record<string, (into: object) => unknown>)[method]?.(into);
    return into.address === undefined ? undefined : `${into.address}:${into.port ?? ''}`;
  } catch {
    return undefined;
  }
}

// Async hooks do not see files.
function traceDescriptors(): { readonly origins: ReadonlyMap<number, Error>; stop(): void } {
  const origins = new Map<number, Error>();
  const { open, openSync, promises } = fs;
  const { open: openPromise } = promises;
  fs.openSync = ((...args: Parameters<typeof openSync>) => {
    const descriptor = openSync(...args);
    origins.set(descriptor, stackAbove(fs.openSync));
    return descriptor;
  }) as typeof openSync;
  fs.open = ((...args: unknown[]) => {
    const origin = stackAbove(fs.open);
    const done = args.pop() as (error: unknown, descriptor: number) => void;
    (open as (...args: unknown[]) => void)(...args, (error: unknown, descriptor: number) => {
      if (!error) origins.set(descriptor, origin);
      done(error, descriptor);
    });
  }) as typeof open;
  promises.open = async (...args) => {
    const origin = stackAbove(promises.open);
    const handle = await openPromise(...args);
    origins.set(handle.fd, origin);
    return handle;
  };
  syncBuiltinESMExports();
  return {
    origins,
    stop() {
      Object.assign(fs, { open, openSync });
      promises.open = openPromise;
      syncBuiltinESMExports();
    },
  };
}
