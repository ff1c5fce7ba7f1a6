import { ApiError, badBody } from '../wire/api-error.js';
import { decodeJson, fieldsOf } from '../wire/decode-json.js';
import type { ManagedProxy } from '../managed-proxy.js';
import { readProxy, type ProxyDescription } from '../wire/read-proxy.js';
import type { ProxyRegistry } from '../proxy-registry.js';
import type { ApiAnswer, Route } from './route.js';

const TYPE = 'toxiproxy.Proxy';
/** Go's type name for an entry of `/populate`. */
const ENTRY = 'struct { toxiproxy.Proxy; Enabled *bool "json:\\"enabled\\"" }';

/** Toxiproxy's routes for proxies. */
export function proxyRoutes(registry: ProxyRegistry): readonly Route[] {
  return [
    { methods: ['GET'], path: '/proxies', handle: () => ({ status: 200, json: shownByName(registry) }) },
    {
      methods: ['POST'],
      path: '/proxies',
      async handle({ body }) {
        return { status: 201, json: (await registry.create(readProxy(fieldsOf(decodeJson(body), TYPE), ''))).show() };
      },
    },
    { methods: ['POST'], path: '/populate', handle: ({ body }) => populate(registry, body) },
    { methods: ['POST'], path: '/reset', handle: () => reset(registry) },
    {
      methods: ['GET'],
      path: '/proxies/*',
      handle: ({ params: [name = ''] }) => ({ status: 200, json: registry.get(name).show() }),
    },
    {
      methods: ['POST', 'PATCH'],
      path: '/proxies/*',
      handle: ({ body, params: [name = ''] }) => update(registry, name, body),
    },
    {
      methods: ['DELETE'],
      path: '/proxies/*',
      handle({ params: [name = ''] }) {
        registry.remove(registry.get(name));
        return { status: 204 };
      },
    },
  ];
}

function shownByName(registry: ProxyRegistry): Record<string, unknown> {
  const proxies = [...registry.all()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return Object.fromEntries(proxies.map((proxy) => [proxy.name, proxy.show()]));
}

/** Enables every proxy and removes all toxics. */
async function reset(registry: ProxyRegistry): Promise<ApiAnswer> {
  for (const proxy of registry.all()) {
    await proxy.serialize(() => proxy.start());
    for (const { name } of proxy.toxics()) await proxy.removeToxic(name);
    registry.emit({ type: 'proxy-updated', proxy: proxy.show() });
  }
  return { status: 204 };
}

/** Changes the fields of a proxy that the body names. */
async function update(registry: ProxyRegistry, name: string, body: string): Promise<ApiAnswer> {
  const proxy = registry.get(name);
  const fields = fieldsOf(decodeJson(body), TYPE);
  // Read before anything waits: a field of a wrong type changes nothing.
  const [listen, upstream, enabled] = [fields.string('listen'), fields.string('upstream'), fields.boolean('enabled')];
  await proxy.serialize(() =>
    proxy.update({
      listen: listen ?? proxy.listen,
      upstream: upstream ?? proxy.upstream,
      enabled: enabled ?? proxy.enabled,
    }),
  );
  const json = proxy.show();
  registry.emit({ type: 'proxy-updated', proxy: json });
  return { status: 200, json };
}

/** Creates the proxies of a list; one that is there already with the same addresses stays as it is. */
async function populate(registry: ProxyRegistry, body: string): Promise<ApiAnswer> {
  const done: ManagedProxy[] = [];
  let began = false;
  const list = (): unknown => (done.length === 0 ? null : done.map((proxy) => proxy.show()));
  try {
    const descriptions = readList(body);
    began = true;
    for (const description of descriptions) done.push(await addOrReplace(registry, description));
    return { status: 201, json: { proxies: list() } };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return {
      status: error.status,
      json: { error: error.message, status: error.status, proxies: began ? list() : null },
    };
  }
}

function readList(body: string): readonly ProxyDescription[] {
  const value = decodeJson(body);
  if (value !== null && !Array.isArray(value))
    throw badBody(`json: cannot unmarshal ${typeof value} into Go value of type []${ENTRY}`);
  return (value ?? []).map((entry, index) => readProxy(fieldsOf(entry, ENTRY, ''), ` at proxy ${index + 1}`));
}

async function addOrReplace(registry: ProxyRegistry, description: ProxyDescription): Promise<ManagedProxy> {
  const existing = registry.find(description.name);
  if (existing) {
    if (!(await existing.differs(description))) return existing;
    registry.remove(existing);
  }
  return registry.create(description);
}
