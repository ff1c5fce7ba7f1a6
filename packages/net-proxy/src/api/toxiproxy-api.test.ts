import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { connectCode, freePort, takePort } from '../tcp.test.helpers.js';
import { apiRig, portOf } from './api.test.helpers.js';

const UPSTREAM = '127.0.0.1:9';
const error = (message: string, status: number): string => `${status} ${JSON.stringify({ error: message, status })}\n`;

describe('every answer', () => {
  it('has the headers and types of Toxiproxy', async () => {
    await using rig = await apiRig();
    const version = await rig.raw('GET', '/version');
    expect([version.status, version.text, version.headers['content-type']]).toEqual([
      200,
      '{"version": "2.12.0"}\n',
      'application/json;charset=utf-8',
    ]);
    expect(version.headers['x-toxiproxy-request-id']).toMatch(/^[0-9a-z]{20}$/);
    const empty = await rig.raw('GET', '/proxies');
    expect([empty.text, empty.headers['content-type']]).toEqual(['{}', 'application/json']);
    const missing = await rig.raw('GET', '/proxies/none');
    expect([missing.headers['content-type'], missing.headers['x-content-type-options']]).toEqual([
      'text/plain; charset=utf-8',
      'nosniff',
    ]);
    expect(await rig.say('GET', '/proxies/none')).toBe(error('proxy not found', 404));
    expect(await rig.say('GET', '/nothing')).toBe('404 404 page not found\n');
    expect(await rig.say('GET', '/proxies/')).toBe('404 404 page not found\n');
    expect(await rig.say('DELETE', '/version')).toBe('405 ');
    expect(await rig.say('GET', '/metrics')).toBe('404 404 page not found\n');
    const browser = await rig.raw('GET', '/proxies', undefined, { 'User-Agent': 'Mozilla/5.0 (X11)' });
    expect([browser.status, browser.text]).toEqual([403, 'User agent not allowed\n']);
  });
});

describe('proxies', () => {
  it('are created, shown, changed and deleted', async () => {
    await using rig = await apiRig();
    const port = await freePort();
    const created = await rig.raw('POST', '/proxies', {
      name: 'redis',
      listen: `localhost:${port}`,
      upstream: UPSTREAM,
      toxics: [{ type: 'latency' }],
    });
    expect(created.text).toBe(
      `{"name":"redis","listen":"127.0.0.1:${port}","upstream":"${UPSTREAM}","enabled":true,"toxics":[]}`,
    );
    expect([created.status, created.headers['content-type']]).toEqual([201, 'application/json']);
    expect(await rig.say('GET', '/proxies/redis')).toBe(`200 ${created.text}`);
    expect(await rig.json('GET', '/proxies')).toEqual({ redis: JSON.parse(created.text) });
    expect(await rig.json('PATCH', '/proxies/redis', { enabled: false, name: 'other' })).toMatchObject({
      name: 'redis',
      enabled: false,
    });
    expect(await connectCode({ host: '127.0.0.1', port })).toBe('ECONNREFUSED');
    expect(await rig.json('POST', '/proxies/redis', { enabled: true })).toMatchObject({
      enabled: true,
      listen: `127.0.0.1:${port}`,
    });
    expect(await connectCode({ host: '127.0.0.1', port })).toBe('connected');
    expect(await rig.json('POST', '/proxies/redis', { upstream: '127.0.0.1:10' })).toMatchObject({
      upstream: '127.0.0.1:10',
      listen: `127.0.0.1:${port}`,
    });
    expect(await rig.say('DELETE', '/proxies/redis')).toBe('204 ');
    expect(await rig.say('DELETE', '/proxies/redis')).toBe(error('proxy not found', 404));
    expect(await connectCode({ host: '127.0.0.1', port })).toBe('ECONNREFUSED');
  });

  it('listen where they are told: anywhere, on a free port, later', async () => {
    await using rig = await apiRig();
    expect(await rig.json('POST', '/proxies', { name: 'any', upstream: UPSTREAM })).toMatchObject({
      listen: expect.stringMatching(/^\[::\]:\d+$/),
    });
    expect(
      await rig.json('POST', '/proxies', { name: 'free', listen: '127.0.0.1:0', upstream: UPSTREAM }),
    ).toMatchObject({ listen: expect.stringMatching(/^127\.0\.0\.1:[1-9]\d*$/) });
    expect(
      await rig.json('POST', '/proxies', {
        name: 'later',
        listen: 'localhost:19999',
        upstream: UPSTREAM,
        enabled: false,
      }),
    ).toMatchObject({ enabled: false, listen: 'localhost:19999' });
  });

  it('are refused in the words of Toxiproxy', async () => {
    await using rig = await apiRig();
    await using taken = await takePort();
    const { port } = taken;
    const post = (body: unknown): Promise<string> => rig.say('POST', '/proxies', body);
    expect(await post('')).toBe(error('bad request body: EOF', 400));
    expect(await post('{')).toBe(error('bad request body: unexpected EOF', 400));
    expect(await post('{"a" 1}')).toBe(error("bad request body: invalid character '1' after object key", 400));
    expect(await post('hello')).toBe(
      error("bad request body: invalid character 'h' looking for beginning of value", 400),
    );
    expect(await post('[]')).toBe(
      error('bad request body: json: cannot unmarshal array into Go value of type toxiproxy.Proxy', 400),
    );
    expect(await post({ name: 7 })).toBe(
      error('bad request body: json: cannot unmarshal number into Go struct field Proxy.name of type string', 400),
    );
    expect(await post('null')).toBe(error('missing required field: name', 400));
    expect(await post({ name: 'a' })).toBe(error('missing required field: upstream', 400));
    expect(await post({ name: 'a', upstream: UPSTREAM, listen: `127.0.0.1:${port}` })).toBe(
      error(`listen tcp 127.0.0.1:${port}: bind: address already in use`, 500),
    );
    expect(await post({ name: 'a', upstream: UPSTREAM, listen: 'nowhere' })).toBe(
      error('listen tcp: address nowhere: missing port in address', 500),
    );
    expect(await post({ name: 'a', upstream: UPSTREAM, listen: 'a:b:c' })).toBe(
      error('listen tcp: address a:b:c: too many colons in address', 500),
    );
    expect(await post({ name: 'a', upstream: UPSTREAM, listen: '127.0.0.1:99999' })).toBe(
      error('listen tcp: address 99999: invalid port', 500),
    );
    expect(await post({ name: 'a', upstream: 'nowhere' })).toBe(
      error('dial tcp: address nowhere: missing port in address', 400),
    );
    expect(await rig.json('GET', '/proxies')).toEqual({});
    expect(await post({ name: 'a', upstream: UPSTREAM, listen: '127.0.0.1:0' })).toMatch(/^201 /);
    expect(await post({ name: 'a', upstream: UPSTREAM })).toBe(error('proxy already exists', 409));
    expect(await post('{"name":"b","upstream":"127.0.0.1:9","listen":"127.0.0.1:0"} trailing')).toMatch(/^201 /);
    expect(await rig.say('PATCH', '/proxies/a', { listen: `127.0.0.1:${port}` })).toBe(
      error(`listen tcp 127.0.0.1:${port}: bind: address already in use`, 500),
    );
    expect(await rig.json('GET', '/proxies/a')).toMatchObject({ enabled: false });
    expect(await rig.say('PATCH', '/proxies/a', { listen: 'nowhere' })).toBe(
      error('address nowhere: missing port in address', 500),
    );
  });
});

describe('toxics', () => {
  it('are created, shown, changed and deleted', async () => {
    await using rig = await apiRig();
    await rig.say('POST', '/proxies', { name: 'p', listen: '127.0.0.1:0', upstream: UPSTREAM });
    expect(
      await rig.say('POST', '/proxies/p/toxics', { type: 'latency', attributes: { latency: 5, unknown: 1 } }),
    ).toBe(
      '200 {"attributes":{"latency":5,"jitter":0},"name":"latency_downstream","type":"latency","stream":"downstream","toxicity":1}',
    );
    expect(await rig.json('POST', '/proxies/p/toxics', { type: 'latency', stream: 'UPSTREAM' })).toMatchObject({
      name: 'latency_UPSTREAM',
      stream: 'UPSTREAM',
    });
    expect(
      await rig.json('POST', '/proxies/p/toxics', {
        name: 'mine',
        type: 'slicer',
        stream: 'upstream',
        toxicity: 0.5,
        attributes: { average_size: 9 },
      }),
    ).toEqual({
      attributes: { average_size: 9, size_variation: 0, delay: 0 },
      name: 'mine',
      type: 'slicer',
      stream: 'upstream',
      toxicity: 0.5,
    });
    expect(((await rig.json('GET', '/proxies/p/toxics')) as { name: string }[]).map(({ name }) => name)).toEqual([
      'latency_UPSTREAM',
      'mine',
      'latency_downstream',
    ]);
    expect(
      await rig.json('POST', '/proxies/p/toxics/mine', {
        attributes: { delay: 3 },
        type: 'noop',
        stream: 'downstream',
      }),
    ).toMatchObject({ type: 'slicer', stream: 'upstream', attributes: { average_size: 9, delay: 3 } });
    expect(await rig.json('PATCH', '/proxies/p/toxics/mine', { attributes: null, toxicity: 7 })).toMatchObject({
      toxicity: 7,
      attributes: { average_size: 9, delay: 3 },
    });
    expect(await rig.json('GET', '/proxies/p/toxics/mine')).toMatchObject({ toxicity: 7 });
    expect(await rig.say('DELETE', '/proxies/p/toxics/mine')).toBe('204 ');
    expect(await rig.json('GET', '/proxies/p')).toMatchObject({
      toxics: [{ name: 'latency_UPSTREAM' }, { name: 'latency_downstream' }],
    });
  });

  it.each([
    ['latency', { latency: 0, jitter: 0 }],
    ['bandwidth', { rate: 0 }],
    ['slow_close', { delay: 0 }],
    ['timeout', { timeout: 0 }],
    ['reset_peer', { timeout: 0 }],
    ['limit_data', { bytes: 0 }],
    ['noop', {}],
    ['blackhole', {}],
    ['corrupt', { byte_ratio: 0 }],
    ['connect_delay', { delay: 0, jitter: 0 }],
    ['down', {}],
  ])('%s has its attributes and their defaults', async (type, attributes) => {
    await using rig = await apiRig();
    await rig.say('POST', '/proxies', { name: 'p', listen: '127.0.0.1:0', upstream: UPSTREAM });
    expect(await rig.json('POST', '/proxies/p/toxics', { type })).toMatchObject({ attributes, toxicity: 1 });
  });

  it('are refused in the words of Toxiproxy', async () => {
    await using rig = await apiRig();
    await rig.say('POST', '/proxies', { name: 'p', listen: '127.0.0.1:0', upstream: UPSTREAM });
    const post = (body: unknown): Promise<string> => rig.say('POST', '/proxies/p/toxics', body);
    expect(await rig.say('POST', '/proxies/none/toxics', {})).toBe(error('proxy not found', 404));
    expect(await rig.say('GET', '/proxies/none/toxics')).toBe(error('proxy not found', 404));
    expect(await post('')).toBe(error('bad request body: EOF', 400));
    expect(await post({ type: 'latency', stream: 'sideways' })).toBe(
      error('stream was invalid, can be either upstream or downstream', 400),
    );
    expect(await post({ type: 'nope' })).toBe(error('invalid toxic type', 400));
    expect(await post({})).toBe(error('invalid toxic type', 400));
    expect(await post({ type: 'constructor' })).toBe(error('invalid toxic type', 400));
    expect(await post({ type: 'latency', attributes: { latency: '5' } })).toBe(
      error(
        'bad request body: json: cannot unmarshal string into Go struct field LatencyToxic.attributes.latency of type int64',
        400,
      ),
    );
    expect(await post({ type: 'latency', attributes: { latency: 1.5 } })).toMatch(
      /^400 .*cannot unmarshal number 1.5 into/,
    );
    expect(await post({ type: 'latency', attributes: [] })).toBe(
      error(
        'bad request body: json: cannot unmarshal array into Go struct field ToxicWrapper.attributes of type toxics.NoopToxic',
        400,
      ),
    );
    expect(await post({ type: 'latency' })).toMatch(/^200/);
    expect(await post({ type: 'latency' })).toBe(error('toxic already exists', 409));
    expect(await post({ type: 'noop', name: 'latency_downstream', stream: 'upstream' })).toBe(
      error('toxic already exists', 409),
    );
    for (const method of ['GET', 'POST', 'PATCH', 'DELETE'])
      expect(await rig.say(method, '/proxies/p/toxics/none', '{}')).toBe(error('toxic not found', 404));
    expect(await rig.say('POST', '/proxies/p/toxics/latency_downstream', 'x')).toBe(
      error("bad request body: invalid character 'x' looking for beginning of value", 400),
    );
  });

  it('that would crash Toxiproxy are refused, or do what they say', async () => {
    await using rig = await apiRig();
    await rig.say('POST', '/proxies', { name: 'p', listen: '127.0.0.1:0', upstream: UPSTREAM });
    const post = (body: unknown): Promise<string> => rig.say('POST', '/proxies/p/toxics', body);
    expect(await post({ type: 'slicer' })).toBe(
      error(
        'invalid attributes of slicer: Cannot use averageBytes: current value is 0, it must be an integer from 1 to 9007199254740991',
        400,
      ),
    );
    expect(await post({ type: 'bandwidth', attributes: { rate: -1 } })).toMatch(/^400 .*current value is -1000/);
    expect(await post({ type: 'bandwidth', attributes: { rate: 9e15 } })).toMatch(/^400/);
    expect(await post('{"type":"latency","attributes":{"latency":9223372036854775807}}')).toMatch(/^400/);
  });
});

describe('a peer that does not read', () => {
  it('makes no call wait', async () => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => void sockets.push(socket.on('error', () => {}).pause())).listen(
      0,
      '127.0.0.1',
    );
    await once(server, 'listening');
    await using rig = await apiRig();
    const { listen } = (await rig.json('POST', '/proxies', {
      name: 'p',
      listen: '127.0.0.1:0',
      upstream: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    })) as { listen: string };
    for (const type of ['latency', 'bandwidth', 'slicer'])
      await rig.say('POST', '/proxies/p/toxics', {
        type,
        stream: 'upstream',
        attributes: { latency: 3_600_000, rate: 1, average_size: 1 },
      });
    const client = connect(portOf(listen), '127.0.0.1').on('error', () => {});
    client.write(Buffer.alloc(64_000_000));
    await vi.waitUntil(
      async () =>
        ((await rig.json('GET', '/proxies/p/totals')) as { upstream_received_bytes: number }).upstream_received_bytes >
        60_000,
    );
    for (const type of ['latency', 'slicer', 'bandwidth'])
      expect(await rig.say('DELETE', `/proxies/p/toxics/${type}_upstream`)).toBe('204 ');
    expect(await rig.say('POST', '/reset')).toBe('204 ');
    expect(await rig.json('POST', '/proxies/p', { enabled: false })).toMatchObject({ enabled: false });
    expect(await rig.json('POST', '/proxies/p', { enabled: true, upstream: '127.0.0.1:9' })).toMatchObject({
      enabled: true,
    });
    expect(await rig.say('DELETE', '/proxies/p')).toBe('204 ');
    client.destroy();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
});

describe('populate', () => {
  it('creates what is new, leaves what is equal, replaces what moved', async () => {
    await using rig = await apiRig();
    const [one, two] = [await freePort(), await freePort()];
    const list = [
      { name: 'one', listen: `127.0.0.1:${one}`, upstream: UPSTREAM },
      { name: 'two', listen: `127.0.0.1:${two}`, upstream: UPSTREAM, enabled: false },
    ];
    const first = await rig.raw('POST', '/populate', list);
    expect([first.status, first.headers['content-type']]).toEqual([201, 'application/json']);
    expect(JSON.parse(first.text)).toMatchObject({
      proxies: [
        { name: 'one', enabled: true },
        { name: 'two', enabled: false },
      ],
    });
    await rig.say('POST', '/proxies/one/toxics', { type: 'latency' });
    await rig.say('POST', '/proxies/two/toxics', { type: 'latency' });
    const again = (await rig.json('POST', '/populate', [
      { ...list[0], enabled: false },
      { ...list[1], upstream: '127.0.0.1:10' },
    ])) as object;
    expect(again).toMatchObject({
      proxies: [
        { enabled: true, toxics: [{ name: 'latency_downstream' }] },
        { enabled: false, toxics: [] },
      ],
    });
    expect(await rig.say('POST', '/populate', [])).toBe('201 {"proxies":null}');
  });

  it('checks all before it creates any, and keeps what it did when a port is taken', async () => {
    await using rig = await apiRig();
    await using taken = await takePort();
    const { port } = taken;
    const good = { name: 'good', listen: '127.0.0.1:0', upstream: UPSTREAM };
    expect(await rig.say('POST', '/populate', [good, { listen: 'x' }])).toBe(
      '400 {"error":"missing required field: name at proxy 2","status":400,"proxies":null}',
    );
    expect(await rig.say('POST', '/populate', [good, { name: 'x' }])).toBe(
      '400 {"error":"missing required field: upstream at proxy 2","status":400,"proxies":null}',
    );
    expect(await rig.say('POST', '/populate', {})).toMatch(/^400 .*bad request body: json: cannot unmarshal object/);
    expect(await rig.json('GET', '/proxies')).toEqual({});
    const half = await rig.raw('POST', '/populate', [
      good,
      { name: 'bad', listen: `127.0.0.1:${port}`, upstream: UPSTREAM },
    ]);
    expect([half.status, half.headers['content-type']]).toEqual([500, 'application/json']);
    expect(JSON.parse(half.text)).toMatchObject({
      error: `listen tcp 127.0.0.1:${port}: bind: address already in use`,
      status: 500,
      proxies: [{ name: 'good' }],
    });
    expect(Object.keys((await rig.json('GET', '/proxies')) as object)).toEqual(['good']);
  });
});

describe('reset', () => {
  it('enables every proxy and removes every toxic', async () => {
    await using rig = await apiRig();
    await rig.say('POST', '/proxies', { name: 'p', listen: '127.0.0.1:0', upstream: UPSTREAM, enabled: false });
    await rig.say('POST', '/proxies/p/toxics', { type: 'timeout' });
    expect(await rig.say('POST', '/reset')).toBe('204 ');
    expect(await rig.json('GET', '/proxies/p')).toMatchObject({ enabled: true, toxics: [] });
  });
});
