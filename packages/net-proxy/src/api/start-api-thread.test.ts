import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { connectCode, echo, rig, watch } from '../tcp.test.helpers.js';
import { portOf } from './api.test.helpers.js';
import { startApiThread } from './start-api-thread.js';

const ANY = { host: '127.0.0.1', port: 0 };

describe('startApiThread()', () => {
  it('loses no byte of large chunks, however slow the reader and whatever comes and goes', async () => {
    await using server = await rig(echo);
    await using api = await startApiThread({ listen: ANY });
    const call = async (method: string, path: string, body?: unknown): Promise<unknown> =>
      (await fetch(`${api.url}${path}`, { method, ...(body !== undefined && { body: JSON.stringify(body) }) })).text();
    const shown = await call('POST', '/proxies', {
      name: 'echo',
      listen: '127.0.0.1:0',
      upstream: `127.0.0.1:${server.proxy.upstream.port}`,
    });
    const { listen } = JSON.parse(shown as string) as { listen: string };
    const socket = connect({ host: '127.0.0.1', port: portOf(listen) });
    const [sent, back] = [createHash('sha256'), createHash('sha256')];
    let received = 0;
    socket.on('data', (data: Buffer) => {
      back.update(data);
      received += data.length;
      if (received % 7 !== 0) return;
      socket.pause();
      setTimeout(() => socket.resume(), 2);
    });
    for (let round = 0; round < 64; round++) {
      const data = randomBytes(1024 * 1024);
      sent.update(data);
      if (!socket.write(data)) await once(socket, 'drain');
      if (round % 8 === 3)
        await call('POST', '/proxies/echo/toxics', { name: 'slow', type: 'latency', attributes: { latency: 1 } });
      if (round % 8 === 6) await call('DELETE', '/proxies/echo/toxics/slow');
    }
    socket.end();
    await once(socket, 'end');
    expect([received, back.digest('hex')]).toEqual([64 * 1024 * 1024, sent.digest('hex')]);
  });

  it('ends with its proxies, and what is accepted before is told', async () => {
    const lines: string[] = [];
    const config = JSON.stringify([{ name: 'down', listen: '127.0.0.1:0', upstream: '127.0.0.1:9' }]);
    const api = await startApiThread({ listen: ANY, config, seed: 'mine', log: (line) => lines.push(line) });
    expect([api.configured, api.seed]).toEqual([1, 'mine']);
    const { down } = (await (await fetch(`${api.url}/proxies`)).json()) as { down: { listen: string } };
    const port = portOf(down.listen);
    await watch(connect({ host: '127.0.0.1', port })).closed;
    await vi.waitUntil(() => lines.length > 0);
    expect(lines).toEqual(['down: Cannot dial 127.0.0.1:9: ECONNREFUSED']);
    await api.close();
    await api.close();
    expect([await connectCode({ host: '127.0.0.1', port }), await connectCode(api.address)]).toEqual([
      'ECONNREFUSED',
      'ECONNREFUSED',
    ]);
  });

  it('refuses with the error of the server', async () => {
    await using api = await startApiThread({ listen: ANY });
    await expect(startApiThread({ listen: api.address })).rejects.toMatchObject({
      code: 'PORT_TAKEN',
      isChaosError: true,
      hint: expect.stringContaining('0 for any'),
      data: api.address,
    });
    await expect(startApiThread({ listen: ANY, config: '[{"name":"a"}]' })).rejects.toMatchObject({
      code: 'CONFIG',
      message: 'Cannot apply the proxy config: missing required field: upstream at proxy 1',
    });
  });
});
