import { ApiError } from '../wire/api-error.js';
import { applyState } from '../apply-state.js';
import { decodeJson } from '../wire/decode-json.js';
import { metricsText, type MetricsOptions } from './metrics-text.js';
import type { ProxyRegistry } from '../proxy-registry.js';
import type { Route } from './route.js';
import { snakeKeys } from '../wire/snake-keys.js';
import { streamEvents } from './stream-events.js';

/** Version of Toxiproxy that this API claims to be; its clients check it. */
const VERSION = '2.12.0';

/** `/version` and `/metrics` as in Toxiproxy, and routes that it lacks: desired state, connections, totals, events. */
export function extensionRoutes(registry: ProxyRegistry, metrics: MetricsOptions): readonly Route[] {
  return [
    {
      methods: ['GET'],
      path: '/version',
      handle: () => ({ status: 200, text: `{"version": "${VERSION}"}\n`, type: 'application/json;charset=utf-8' }),
    },
    {
      methods: ['PUT'],
      path: '/proxies',
      handle: async ({ body }) => ({
        status: 200,
        json: { proxies: (await applyState(registry, decodeJson(body))).map((proxy) => proxy.show()) },
      }),
    },
    {
      methods: ['GET'],
      path: '/events',
      handle: ({ query }) => ({
        status: 200,
        stream: (response) => streamEvents(registry, query.get('proxy') ?? undefined, response),
      }),
    },
    ...connectionRoutes(registry),
    ...(metrics.proxy || metrics.runtime ? [metricsRoute(registry, metrics)] : []),
  ];
}

function connectionRoutes(registry: ProxyRegistry): readonly Route[] {
  return [
    {
      methods: ['GET'],
      path: '/proxies/*/totals',
      handle: ({ params: [name = ''] }) => ({ status: 200, json: snakeKeys(registry.get(name).totals()) }),
    },
    {
      methods: ['GET'],
      path: '/proxies/*/connections',
      handle: ({ params: [name = ''] }) => ({ status: 200, json: registry.get(name).connections().map(snakeKeys) }),
    },
    {
      methods: ['DELETE'],
      path: '/proxies/*/connections',
      handle({ params: [name = ''], query }) {
        const how = query.get('how') ?? 'rst';
        if (how !== 'rst' && how !== 'fin')
          throw new ApiError(`how was invalid, can be either rst or fin: ${how}`, 400);
        return { status: 200, json: { killed: registry.get(name).kill(how) } };
      },
    },
    {
      methods: ['DELETE'],
      path: '/proxies/*/connections/*',
      handle({ params: [name = '', id = ''] }) {
        if (registry.get(name).kill('rst', Number(id)) === 0) throw new ApiError('connection not found', 404);
        return { status: 204 };
      },
    },
  ];
}

function metricsRoute(registry: ProxyRegistry, metrics: MetricsOptions): Route {
  return {
    methods: ['GET'],
    path: '/metrics',
    handle: () => ({
      status: 200,
      text: metricsText(registry.all(), metrics),
      type: 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores',
    }),
  };
}
