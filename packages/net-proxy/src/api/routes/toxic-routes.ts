import { decodeJson, fieldsOf } from '../wire/decode-json.js';
import type { ProxyRegistry } from '../proxy-registry.js';
import type { Route } from './route.js';
import { changeToxic, describeToxic, showToxic } from '../wire/toxic-description.js';

const TYPE = 'toxics.ToxicWrapper';

/** Toxiproxy's routes for toxics. Nothing here waits for a socket. */
export function toxicRoutes(registry: ProxyRegistry): readonly Route[] {
  return [
    {
      methods: ['GET'],
      path: '/proxies/*/toxics',
      handle: ({ params: [name = ''] }) => ({ status: 200, json: registry.get(name).toxics().map(showToxic) }),
    },
    {
      methods: ['POST'],
      path: '/proxies/*/toxics',
      handle({ body, params: [name = ''] }) {
        const proxy = registry.get(name);
        const description = describeToxic(fieldsOf(decodeJson(body), TYPE));
        proxy.addToxic(description);
        const json = showToxic(description);
        registry.emit({ type: 'toxic-added', proxy: name, toxic: json });
        return { status: 200, json };
      },
    },
    {
      methods: ['GET'],
      path: '/proxies/*/toxics/*',
      handle: ({ params: [name = '', toxic = ''] }) => ({
        status: 200,
        json: showToxic(registry.get(name).toxic(toxic)),
      }),
    },
    {
      methods: ['POST', 'PATCH'],
      path: '/proxies/*/toxics/*',
      handle({ body, params: [name = '', toxic = ''] }) {
        const proxy = registry.get(name);
        const before = proxy.toxic(toxic);
        const description = changeToxic(before, fieldsOf(decodeJson(body), TYPE));
        proxy.changeToxic(description);
        const json = showToxic(description);
        registry.emit({ type: 'toxic-updated', proxy: name, toxic: json });
        return { status: 200, json };
      },
    },
    {
      methods: ['DELETE'],
      path: '/proxies/*/toxics/*',
      async handle({ params: [name = '', toxic = ''] }) {
        const proxy = registry.get(name);
        proxy.toxic(toxic);
        await proxy.removeToxic(toxic);
        registry.emit({ type: 'toxic-removed', proxy: name, toxic });
        return { status: 204 };
      },
    },
  ];
}
