import { once } from 'node:events';
import { connect } from 'node:net';
import { Toxiproxy, type ICreateProxyBody } from 'toxiproxy-node-client';
import { describe, expect, it } from 'vitest';
import { connectCode, echo, rig, roundTrip } from '../tcp.test.helpers.js';
import { apiRig, portOf } from './api.test.helpers.js';

const addressOf = (listen: string): { host: string; port: number } => ({ host: '127.0.0.1', port: portOf(listen) });

describe('npm toxiproxy-node-client, unchanged', () => {
  it('creates, breaks, heals and removes a proxy', async () => {
    await using server = await rig(echo);
    await using up = await apiRig();
    const client = new Toxiproxy(up.api.url);
    expect(JSON.parse(await client.getVersion())).toEqual({ version: '2.12.0' });
    const body: ICreateProxyBody = {
      name: 'echo',
      listen: '127.0.0.1:0',
      upstream: `127.0.0.1:${server.proxy.upstream.port}`,
    };
    const proxy = await client.createProxy(body);
    expect(Object.keys(await client.getAll())).toEqual(['echo']);
    expect(await client.get('echo')).toMatchObject({ name: 'echo', listen: proxy.listen, enabled: true });

    const socket = connect(addressOf(proxy.listen));
    await once(socket, 'connect');
    expect(await roundTrip(socket, 'clean')).toBe('clean');

    const toxic = await proxy.addToxic({
      name: 'slow',
      type: 'latency',
      stream: 'downstream',
      toxicity: 1,
      attributes: { latency: 60, jitter: 0 },
    });
    let startMs = performance.now();
    await roundTrip(socket, 'slow');
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(60);
    const changed = await toxic.update({ ...toxic.toJson(), attributes: { latency: 90, jitter: 0 } });
    expect(changed.attributes).toEqual({ latency: 90, jitter: 0 });
    startMs = performance.now();
    await roundTrip(socket, 'slower');
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(90);
    expect((await proxy.getToxic('slow')).toJson()).toMatchObject({ type: 'latency', stream: 'downstream' });
    await toxic.remove();
    await expect(proxy.getToxic('slow')).rejects.toThrow('Request failed with status code 404');
    await expect(client.createProxy(body)).rejects.toThrow('Request failed with status code 409');

    const ended = once(socket.resume(), 'end');
    await proxy.update({ ...body, listen: proxy.listen, enabled: false });
    await ended;
    expect(await connectCode(addressOf(proxy.listen))).toBe('ECONNREFUSED');
    await client.reset();
    expect(await connectCode(addressOf(proxy.listen))).toBe('connected');
    await proxy.remove();
    expect(await client.getAll()).toEqual({});
  });

  it('populates', async () => {
    await using up = await apiRig();
    const client = new Toxiproxy(up.api.url);
    const proxies = await client.populate([
      { name: 'one', listen: '127.0.0.1:0', upstream: '127.0.0.1:9' },
      { name: 'two', listen: '127.0.0.1:0', upstream: '127.0.0.1:9' },
    ]);
    expect(Object.keys(proxies)).toEqual(['one', 'two']);
  });
});
