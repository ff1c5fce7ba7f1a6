import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { request } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import { connectCode, echo, freePort, rig, roundTrip, takePort, watch } from '../tcp.test.helpers.js';
import { apiRig, portOf, type ApiRig } from './api.test.helpers.js';
import { createApiServer } from './create-api-server.js';

async function proxyTo(up: ApiRig, port: number): Promise<{ host: string; port: number }> {
  const shown = (await up.json('POST', '/proxies', {
    name: 'echo',
    listen: '127.0.0.1:0',
    upstream: `127.0.0.1:${port}`,
  })) as { listen: string };
  return { host: '127.0.0.1', port: portOf(shown.listen) };
}

describe('PUT /proxies', () => {
  it('makes the world what is said, and leaves alone what is so already', async () => {
    await using server = await rig(echo);
    await using up = await apiRig();
    const upstream = `127.0.0.1:${server.proxy.upstream.port}`;
    const first = (await up.json('PUT', '/proxies', [
      {
        name: 'kept',
        listen: '127.0.0.1:0',
        upstream,
        toxics: [
          { type: 'latency', attributes: { latency: 1 } },
          { type: 'limit_data', attributes: { bytes: 1e9 } },
        ],
      },
      { name: 'gone', listen: '127.0.0.1:0', upstream },
      { name: 'moved', listen: '127.0.0.1:0', upstream, toxics: [{ type: 'noop' }] },
    ])) as { proxies: { listen: string; toxics: unknown[] }[] };
    expect(first.proxies.map(({ toxics }) => toxics.length)).toEqual([2, 0, 1]);
    const [kept, gone, moved] = first.proxies.map(({ listen }) => ({ host: '127.0.0.1', port: portOf(listen) }));
    const socket = connect(kept!);
    await once(socket, 'connect');
    await roundTrip(socket, 'before');
    const second = await up.json('PUT', '/proxies', {
      kept: {
        listen: `127.0.0.1:${kept!.port}`,
        upstream,
        toxics: [
          { type: 'latency', attributes: { latency: 2 } },
          { type: 'bandwidth', attributes: { rate: 1000 } },
        ],
      },
      moved: { listen: `127.0.0.1:${moved!.port}`, upstream: '127.0.0.1:9' },
      born: { listen: '127.0.0.1:0', upstream, enabled: false },
    });
    expect(second).toMatchObject({
      proxies: [
        { name: 'kept', toxics: [{ type: 'latency', attributes: { latency: 2 } }, { type: 'bandwidth' }] },
        { name: 'moved', upstream: '127.0.0.1:9', toxics: [] },
        { name: 'born', enabled: false },
      ],
    });
    expect(await roundTrip(socket, 'after')).toBe('after');
    expect(await connectCode(gone!)).toBe('ECONNREFUSED');
    expect(Object.keys((await up.json('GET', '/proxies')) as object)).toEqual(['born', 'kept', 'moved']);
    socket.destroy();
  });

  it.each([true, false])(
    'has the toxics of a new proxy act from its first connection on (enabled at once: %s)',
    async (enabled) => {
      await using server = await rig(echo);
      await using up = await apiRig();
      const proxy = {
        name: 'slow',
        listen: '127.0.0.1:0',
        upstream: `127.0.0.1:${server.proxy.upstream.port}`,
        enabled,
        toxics: [{ type: 'latency', attributes: { latency: 60 } }],
      };
      await up.json('PUT', '/proxies', [proxy]);
      const { listen } = (await up.json('PATCH', '/proxies/slow', { enabled: true })) as { listen: string };
      const socket = connect(portOf(listen), '127.0.0.1');
      await once(socket, 'connect');
      const startMs = performance.now();
      await roundTrip(socket, 'late');
      expect(performance.now() - startMs).toBeGreaterThanOrEqual(60);
      expect(await up.say('DELETE', '/proxies/slow/toxics/latency_downstream')).toBe('204 ');
      expect(await up.json('GET', '/proxies/slow')).toMatchObject({ toxics: [] });
      socket.destroy();
    },
  );

  it('changes nothing when something is wrong, or a port is taken', async () => {
    await using server = await rig(echo);
    await using up = await apiRig();
    await using taken = await takePort();
    const address = await proxyTo(up, server.proxy.upstream.port);
    await up.say('POST', '/proxies/echo/toxics', { type: 'latency', attributes: { latency: 1 } });
    const before = await up.json('GET', '/proxies');
    const bad = (proxy: object): Promise<string> =>
      up.say('PUT', '/proxies', [{ name: 'a', listen: '127.0.0.1:0', upstream: '127.0.0.1:9' }, proxy]);
    expect(await bad({ name: 'b', upstream: '127.0.0.1:9', toxics: [{ type: 'nope' }] })).toMatch(
      /^400 .*invalid toxic type/,
    );
    expect(await bad({ name: 'a', upstream: '127.0.0.1:9' })).toMatch(/^409 .*proxy already exists: a at proxy 2/);
    expect(await bad({ upstream: '127.0.0.1:9' })).toMatch(/^400 .*name at proxy 2/);
    expect(await bad({ name: 'b', upstream: '127.0.0.1:9', toxics: [{ type: 'noop', schedule: { on: -1 } }] })).toMatch(
      /^400 .*schedule.onMs/,
    );
    expect(await bad({ name: 'b', upstream: '127.0.0.1:9', listen: `127.0.0.1:${taken.port}` })).toMatch(
      /^500 .*address already in use/,
    );
    expect(await up.json('GET', '/proxies')).toEqual(before);
    expect(await connectCode(address)).toBe('connected');
  });
});

describe('PUT /proxies that fails at its last port', () => {
  it('has cost nobody a connection: neither the proxies that were to stay nor those that were to move or go', async () => {
    await using server = await rig(echo);
    await using up = await apiRig();
    await using taken = await takePort();
    const upstream = `127.0.0.1:${server.proxy.upstream.port}`;
    const { proxies } = (await up.json(
      'PUT',
      '/proxies',
      ['stays', 'moves', 'goes'].map((name) => ({ name, listen: '127.0.0.1:0', upstream })),
    )) as { proxies: { listen: string }[] };
    const addresses = proxies.map(({ listen }) => ({ host: '127.0.0.1', port: portOf(listen) }));
    const peers = addresses.map((address) => watch(connect(address)));
    for (const { socket } of peers) await roundTrip(socket, 'before');
    const before = await up.json('GET', '/proxies');
    const wanted = [
      { name: 'stays', listen: proxies[0]!.listen, upstream },
      // `born` takes the port of `goes`; `moves` keeps its own.
      { name: 'born', listen: proxies[2]!.listen, upstream },
      { name: 'moves', listen: proxies[1]!.listen, upstream: '127.0.0.1:9' },
      { name: 'last', listen: `127.0.0.1:${taken.port}`, upstream },
    ];
    expect(await up.say('PUT', '/proxies', wanted)).toMatch(/^500 .*address already in use/);
    for (const { socket } of peers) expect(await roundTrip(socket, 'after')).toBe('after');
    expect(await up.json('GET', '/proxies')).toEqual(before);
    expect(await Promise.all(addresses.map(connectCode))).toEqual(['connected', 'connected', 'connected']);
    await taken.release();
    expect(await up.say('PUT', '/proxies', wanted)).toMatch(/^200 /);
    for (const { socket } of peers) socket.resume();
    await Promise.all([peers[1]!.closed, peers[2]!.closed]);
    expect(await roundTrip(peers[0]!.socket, 'still')).toBe('still');
    expect(Object.keys((await up.json('GET', '/proxies')) as object)).toEqual(['born', 'last', 'moves', 'stays']);
    for (const { socket } of peers) socket.destroy();
  });
});

describe('connections', () => {
  it('are listed with their bytes, and ended one by one or all, by RST or FIN', async () => {
    await using server = await rig(echo);
    await using up = await apiRig();
    const address = await proxyTo(up, server.proxy.upstream.port);
    const peers = [1, 2, 3].map(() => watch(connect(address)));
    await Promise.all(peers.map(({ socket }) => once(socket, 'connect')));
    for (const { socket } of peers) await roundTrip(socket, 'hello');
    expect(await up.json('GET', '/proxies/echo/connections')).toMatchObject(
      peers.map(({ socket }, index) => ({
        id: index + 1,
        client_port: socket.localPort,
        upstream_bytes: 5,
        downstream_bytes: 5,
      })),
    );
    expect(await up.json('GET', '/proxies/echo/totals')).toMatchObject({
      connections: 3,
      upstream_bytes: 15,
      lost_bytes: 0,
    });
    expect(await up.say('DELETE', '/proxies/echo/connections/2')).toBe('204 ');
    await peers[1]!.closed;
    expect(await up.say('DELETE', '/proxies/echo/connections/2')).toMatch(/^404 .*connection not found/);
    peers[0]!.socket.resume();
    peers[2]!.socket.resume();
    expect(await up.say('DELETE', '/proxies/echo/connections?how=fin')).toBe('200 {"killed":2}');
    await Promise.all(peers.map(({ closed }) => closed));
    expect(peers.map(({ events }) => events)).toEqual([['end'], ['ECONNRESET'], ['end']]);
    expect(await up.say('DELETE', '/proxies/echo/connections?how=axe')).toMatch(/^400/);
  });
});

describe('refuse_while_down', () => {
  it('makes a proxy refuse as long as its upstream does', async () => {
    await using up = await apiRig();
    const port = await freePort();
    const body = { name: 'p', listen: '127.0.0.1:0', upstream: `127.0.0.1:${port}`, refuse_while_down: 10 };
    const { listen } = (await up.json('POST', '/proxies', body)) as { listen: string };
    const address = { host: '127.0.0.1', port: portOf(listen) };
    await watch(connect(address)).closed;
    expect(await connectCode(address)).toBe('ECONNREFUSED');
    expect(await up.json('GET', '/proxies/p')).toMatchObject({ enabled: true, refuse_while_down: 10 });
    const server = createServer().listen(port, '127.0.0.1');
    await vi.waitUntil(async () => (await connectCode(address)) === 'connected');
    server.close();
    expect(await up.say('PUT', '/proxies', [{ ...body, refuse_while_down: -1 }])).toMatch(
      /^400 .*refuse_while_down was invalid, can be 0 to/,
    );
    expect(await up.say('POST', '/proxies', { ...body, name: 'u', protocol: 'udp' })).toMatch(
      /^400 .*udp has no connects/,
    );
  });
});

describe('GET /metrics', () => {
  it('counts bytes while they pass', async () => {
    await using server = await rig(echo);
    await using up = await apiRig({ proxyMetrics: true, runtimeMetrics: true });
    const address = await proxyTo(up, server.proxy.upstream.port);
    const socket = connect(address);
    await once(socket, 'connect');
    await roundTrip(socket, 'hello');
    const { text, headers } = await up.raw('GET', '/metrics');
    const labels = `listener="127.0.0.1:${address.port}",proxy="echo",upstream="127.0.0.1:${server.proxy.upstream.port}"`;
    expect(text).toContain(`toxiproxy_proxy_received_bytes_total{direction="upstream",${labels}} 5\n`);
    expect(text).toContain(`toxiproxy_proxy_sent_bytes_total{direction="downstream",${labels}} 5\n`);
    expect(text).toMatch(/process_resident_memory_bytes \d+/);
    expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    socket.destroy();
  });
});

describe('GET /events', () => {
  it('tells what happens to one proxy, by itself too', async () => {
    await using server = await rig(echo);
    await using up = await apiRig();
    const address = await proxyTo(up, server.proxy.upstream.port);
    let text = '';
    const events = request(`${up.api.url}/events?proxy=echo`, (response) =>
      response
        .setEncoding('utf8')
        .on('data', (data: string) => (text += data))
        .on('error', () => {}),
    );
    events.on('error', () => {}).end();
    await vi.waitUntil(() => text.includes('connected'));
    await up.say('POST', '/proxies', { name: 'other', listen: '127.0.0.1:0', upstream: '127.0.0.1:9' });
    await up.say('POST', '/proxies/echo/toxics', { type: 'latency', duration: 20 });
    const socket = connect(address);
    await once(socket, 'connect');
    socket.end().resume();
    await vi.waitUntil(() => text.includes('toxic-removed') && text.includes('connection-closed'));
    expect(
      [...text.matchAll(/^event: (.*)$/gm)].map(([, type]) => String(type)).sort((a, b) => a.localeCompare(b)),
    ).toEqual(['connection-closed', 'connection-opened', 'toxic-added', 'toxic-removed']);
    expect(await up.json('GET', '/proxies/echo/toxics')).toEqual([]);
    expect(text).toContain('data: {"type":"toxic-removed","proxy":"echo","toxic":"latency_downstream","expired":true}');
    events.destroy();
  });
});

describe('time and laws', () => {
  it('come with a toxic', async () => {
    await using up = await apiRig();
    await up.say('POST', '/proxies', { name: 'p', listen: '127.0.0.1:0', upstream: '127.0.0.1:9' });
    const toxic = {
      type: 'latency',
      attributes: { latency: 9, jitter: 2, distribution: 'pareto' },
      schedule: { on: 50, off: 50 },
      duration: 60_000,
    };
    expect(await up.json('POST', '/proxies/p/toxics', toxic)).toMatchObject(toxic);
    expect(
      await up.say('POST', '/proxies/p/toxics', { type: 'latency', name: 'x', attributes: { distribution: 'gamma' } }),
    ).toMatch(/^400 .*known are normal, pareto, paretonormal/);
  });
});

describe('createApiServer({ config })', () => {
  it('starts with the proxies of a config, toxics included', async () => {
    await using up = await apiRig({
      config: JSON.stringify([
        { name: 'c', listen: '127.0.0.1:0', upstream: '127.0.0.1:9', toxics: [{ type: 'timeout' }] },
      ]),
    });
    expect(await up.json('GET', '/proxies/c')).toMatchObject({ toxics: [{ name: 'timeout_downstream' }] });
    await expect(createApiServer({ listen: { host: '127.0.0.1', port: 0 }, config: '[{}]' })).rejects.toMatchObject({
      code: 'CONFIG',
      message: 'Cannot apply the proxy config: missing required field: name at proxy 1',
    });
    await expect(createApiServer({ listen: up.api.address })).rejects.toMatchObject({ code: 'PORT_TAKEN' });
  });
});
