import { ApiError } from './wire/api-error.js';
import { fieldsOf, type Decoded } from './wire/decode-json.js';
import { MOST_TOXICS } from '../toxic-set.js';
import type { ManagedProxy } from './managed-proxy.js';
import type { ProxyRegistry } from './proxy-registry.js';
import { readProxy, type ProxyDescription } from './wire/read-proxy.js';
import { checkProtocol, describeToxic, showToxic, type ToxicDescription } from './wire/toxic-description.js';

interface Desired extends ProxyDescription {
  readonly toxics: readonly ToxicDescription[];
}

/**
 * Makes the proxies and toxics match a list, or an object by name, exactly. The whole state is parsed first, so a
 * mistake changes nothing. If a port cannot be bound, nothing has changed either: connections end only when every new
 * listener is open. New proxies get their toxics before their first connection, and the toxics of existing proxies
 * change in one step. Proxies that already match are not touched: their connections stay open. Throws `ApiError`.
 */
export function applyState(registry: ProxyRegistry, value: Decoded): Promise<readonly ManagedProxy[]> {
  return registry.serialize(() => apply(registry, value));
}

async function apply(registry: ProxyRegistry, value: Decoded): Promise<readonly ManagedProxy[]> {
  const desired = readState(value);
  const names = new Set(desired.map(({ name }) => name));
  const gone = registry.all().filter(({ name }) => !names.has(name));
  const fresh = new Map<string, ManagedProxy>();
  const moved: ManagedProxy[] = [];
  for (const one of desired) {
    const existing = registry.find(one.name);
    // A disabled proxy that is to be enabled is recreated, too: it has no connections, and its toxics must be there
    // before the first one.
    if (existing && existing.enabled === one.enabled && !(await existing.differs(one))) continue;
    if (existing) moved.push(existing);
    const proxy = registry.prepare(one);
    for (const toxic of one.toxics) proxy.addToxic(toxic);
    fresh.set(one.name, proxy);
  }

  const leaving = [...gone, ...moved];
  const wanted = new Set(
    desired.filter(({ name, enabled }) => enabled && fresh.has(name)).map(({ listen }) => portOf(listen)),
  );
  const undo: (() => unknown)[] = [];
  try {
    for (const proxy of leaving) {
      if (!proxy.enabled || !wanted.has(portOf(proxy.listen))) continue;
      undo.push(() => proxy.resume());
      proxy.pause();
    }
    for (const one of desired) {
      const proxy = fresh.get(one.name);
      if (!proxy || !one.enabled) continue;
      undo.push(() => proxy.retire());
      await proxy.serialize(() => proxy.start());
    }
  } catch (error) {
    for (const step of undo.reverse()) await Promise.resolve(step()).catch(() => {});
    throw error;
  }

  for (const proxy of leaving) registry.remove(proxy);
  const removals: Promise<void>[] = [];
  const result = desired.map((one) => {
    const proxy = fresh.get(one.name) ?? registry.get(one.name);
    if (fresh.has(one.name)) registry.adopt(proxy);
    else removals.push(...converge(proxy, one.toxics));
    registry.emit({ type: fresh.has(one.name) ? 'proxy-created' : 'proxy-updated', proxy: proxy.show() });
    return proxy;
  });
  await Promise.all(removals);
  return result;
}

/** Sets the toxics of a proxy; new ones are added in this order. All changes are in force before it returns. */
function converge(proxy: ManagedProxy, desired: readonly ToxicDescription[]): Promise<void>[] {
  const removals: Promise<void>[] = [];
  const kept = new Set<string>();
  for (const before of proxy.toxics()) {
    const after = desired.find(({ name }) => name === before.name);
    if (after === undefined || fixed(after) !== fixed(before)) removals.push(proxy.removeToxic(before.name));
    else kept.add(before.name);
  }
  for (const one of desired) {
    if (!kept.has(one.name)) proxy.addToxic(one);
    else if (JSON.stringify(showToxic(one)) !== JSON.stringify(showToxic(proxy.toxic(one.name))))
      proxy.changeToxic(one);
  }
  return removals;
}

const portOf = (endpoint: string): string => endpoint.slice(endpoint.lastIndexOf(':') + 1);

/** Properties that cannot be changed in place. */
const fixed = ({ type, direction, durationMs, schedule }: ToxicDescription): string =>
  JSON.stringify([type, direction, durationMs, schedule]);

function readState(value: Decoded): readonly Desired[] {
  const entries = Array.isArray(value)
    ? (value as readonly Decoded[]).map((entry) => ['', entry] as const)
    : Object.entries((value ?? {}) as Readonly<Record<string, Decoded>>);
  const names = new Set<string>();
  return entries.map(([key, entry], index) => {
    const fields = fieldsOf(entry, 'toxiproxy.Proxy');
    const proxy = readProxy(fields, ` at proxy ${index + 1}`, key);
    const { name } = proxy;
    if (names.has(name)) throw new ApiError(`proxy already exists: ${name} at proxy ${index + 1}`, 409);
    names.add(name);
    if ((fields.array('toxics') ?? []).length > MOST_TOXICS)
      throw new ApiError(`a proxy takes at most ${MOST_TOXICS} toxics: ${name} at proxy ${index + 1}`, 400);
    const toxics = (fields.array('toxics') ?? []).map((toxic) => describeToxic(fieldsOf(toxic, 'toxics.ToxicWrapper')));
    for (const toxic of toxics) checkProtocol(toxic, proxy.protocol);
    const twice = toxics.find((toxic, at) => toxics.findIndex((other) => other.name === toxic.name) !== at);
    if (twice) throw new ApiError(`toxic already exists: ${twice.name} at proxy ${index + 1}`, 409);
    return { ...proxy, toxics };
  });
}
