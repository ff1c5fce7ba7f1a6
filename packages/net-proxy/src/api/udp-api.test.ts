import { request } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import { udpClient, udpEcho } from '../udp/udp.test.helpers.js';
import { apiRig, portOf } from './api.test.helpers.js';
import { TOXIC_TYPES } from './wire/toxic-types.js';

describe('a proxy with protocol udp', () => {
  it('carries, breaks and counts datagrams', async () => {
    using server = await udpEcho();
    await using rig = await apiRig({ proxyMetrics: true });
    const upstream = `127.0.0.1:${server.port}`;
    const shown = (await rig.json('POST', '/proxies', {
      name: 'dns',
      listen: '127.0.0.1:0',
      upstream,
      protocol: 'udp',
    })) as { listen: string };
    expect(shown).toEqual({
      name: 'dns',
      listen: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      upstream,
      enabled: true,
      protocol: 'udp',
      toxics: [],
    });
    using client = await udpClient(portOf(shown.listen));
    const { socket, got } = client;
    socket.send('one');
    await vi.waitUntil(() => got.includes('one'));
    expect(
      await rig.say('POST', '/proxies/dns/toxics', { type: 'loss', stream: 'upstream', attributes: { ratio: 1 } }),
    ).toBe(
      '200 {"attributes":{"ratio":1,"burst":0},"name":"loss_upstream","type":"loss","stream":"upstream","toxicity":1}',
    );
    socket.send('lost');
    await vi.waitUntil(
      async () => ((await rig.json('GET', '/proxies/dns/totals')) as { lost_packets: number }).lost_packets === 1,
    );
    expect(await rig.json('PATCH', '/proxies/dns/toxics/loss_upstream', { attributes: { ratio: 0 } })).toMatchObject({
      attributes: { ratio: 0 },
    });
    await rig.say('POST', '/proxies/dns/toxics', { type: 'duplicate', attributes: { ratio: 1 } });
    await rig.say('POST', '/proxies/dns/toxics', { type: 'reorder', attributes: { ratio: 0.5, delay: 1 } });
    socket.send('two');
    await vi.waitUntil(() => got.filter((text) => text === 'two').length === 2);
    expect(await rig.json('GET', '/proxies/dns/totals')).toEqual({
      sessions: 1,
      upstream_packets: 2,
      downstream_packets: 3,
      lost_packets: 1,
    });
    expect(await rig.json('GET', '/proxies/dns/connections')).toMatchObject([
      { id: 1, client_host: '127.0.0.1', client_port: socket.address().port, upstream_packets: 2 },
    ]);
    expect((await rig.raw('GET', '/metrics')).text).toMatch(
      /chaos_proxy_datagrams_total\{direction="downstream",[^}]*proxy="dns"[^}]*\} 3\n[\s\S]*chaos_proxy_lost_datagrams_total\{proxy="dns"\} 1\n/,
    );
    expect(await rig.say('DELETE', '/proxies/dns/connections/1')).toBe('204 ');
    await rig.say('POST', '/reset');
    await rig.say('PATCH', '/proxies/dns', { enabled: false });
    socket.send('nobody is there');
    expect(await rig.json('PATCH', '/proxies/dns', { enabled: true })).toMatchObject({
      listen: shown.listen,
      toxics: [],
    });
    socket.send('three');
    await vi.waitUntil(() => got.includes('three'));
    expect(got).not.toContain('nobody is there');
  });

  it('has its toxics from the first datagram on, and lets them run out', async () => {
    using server = await udpEcho();
    await using rig = await apiRig();
    const { proxies } = (await rig.json('PUT', '/proxies', {
      dns: {
        listen: '127.0.0.1:0',
        upstream: `127.0.0.1:${server.port}`,
        protocol: 'udp',
        toxics: [{ type: 'loss', attributes: { ratio: 1 }, duration: 60 }],
      },
    })) as { proxies: { listen: string }[] };
    using client = await udpClient(portOf(proxies[0]!.listen));
    client.socket.send('lost');
    await vi.waitUntil(async () => ((await rig.json('GET', '/proxies/dns/toxics')) as unknown[]).length === 0);
    client.socket.send('there');
    await vi.waitUntil(() => client.got.length > 0);
    expect(client.got).toEqual(['there']);
  });

  it('tells of clients that come and are forgotten', async () => {
    using server = await udpEcho();
    await using rig = await apiRig();
    const { listen } = (await rig.json('POST', '/proxies', {
      name: 'dns',
      listen: '127.0.0.1:0',
      upstream: `127.0.0.1:${server.port}`,
      protocol: 'udp',
    })) as { listen: string };
    let text = '';
    const events = request(`${rig.api.url}/events?proxy=dns`, (response) =>
      response
        .setEncoding('utf8')
        .on('data', (data: string) => (text += data))
        .on('error', () => {}),
    );
    events.on('error', () => {}).end();
    await vi.waitUntil(() => text.includes('connected'));
    using client = await udpClient(portOf(listen));
    client.socket.send('one');
    await vi.waitUntil(() => client.got.length > 0);
    await rig.say('DELETE', '/proxies/dns/connections/1');
    await vi.waitUntil(() => text.includes('connection-closed'));
    const told = [...text.matchAll(/^data: (\{"type":"connection.*)$/gm)].map(
      ([, data]) => JSON.parse(data as string) as unknown,
    );
    expect(told).toMatchObject([
      { type: 'connection-opened', proxy: 'dns', connection: { id: 1, upstream_packets: 0 } },
      { type: 'connection-closed', proxy: 'dns', connection: { id: 1, upstream_packets: 1, downstream_packets: 1 } },
    ]);
    events.destroy();
  });

  it('takes any toxic there is, and goes on without it', async () => {
    using server = await udpEcho();
    await using rig = await apiRig();
    const { listen } = (await rig.json('POST', '/proxies', {
      name: 'dns',
      listen: '127.0.0.1:0',
      upstream: `127.0.0.1:${server.port}`,
      protocol: 'udp',
    })) as { listen: string };
    using client = await udpClient(portOf(listen));
    for (const type of Object.keys(TOXIC_TYPES)) {
      const attributes = type === 'slicer' ? { average_size: 1 } : {};
      expect(await rig.say('POST', '/proxies/dns/toxics', { name: type, type, attributes }), type).toMatch(/^200 /);
      client.socket.send(`with ${type}`);
      expect(await rig.say('DELETE', `/proxies/dns/toxics/${type}`)).toBe('204 ');
      client.socket.send(`after ${type}`);
      await vi.waitUntil(() => client.got.includes(`after ${type}`));
    }
  });

  it('is refused where it makes no sense', async () => {
    await using rig = await apiRig();
    const description = { name: 'p', listen: '127.0.0.1:0', upstream: '127.0.0.1:9' };
    expect(await rig.say('POST', '/proxies', { ...description, protocol: 'sctp' })).toMatch(
      /^400 .*protocol was invalid, can be either tcp or udp/,
    );
    await rig.say('POST', '/proxies', { ...description, enabled: false });
    expect(await rig.say('POST', '/proxies/p/toxics', { type: 'loss', attributes: { ratio: 0.1 } })).toMatch(
      /^400 .*invalid toxic loss_downstream: loss is for datagrams, and the proxy carries a stream of bytes/,
    );
    expect(await rig.say('PUT', '/proxies', [{ ...description, toxics: [{ type: 'duplicate' }] }])).toMatch(
      /^400 .*duplicate is for datagrams/,
    );
    const { listen } = (await rig.json('POST', '/proxies', { ...description, name: 'u', protocol: 'udp' })) as {
      listen: string;
    };
    expect(await rig.say('POST', '/proxies', { ...description, name: 'v', protocol: 'udp', listen })).toBe(
      `500 ${JSON.stringify({ error: `listen udp ${listen}: bind: address already in use`, status: 500 })}\n`,
    );
  });
});
