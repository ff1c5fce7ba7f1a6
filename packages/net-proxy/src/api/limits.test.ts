import { request, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { echo, rig, roundTrip } from '../tcp.test.helpers.js';
import { apiRig, portOf } from './api.test.helpers.js';

const toxics = (count: number): readonly object[] =>
  Array.from({ length: count }, (_, index) => ({ name: `t${index}`, type: 'latency', attributes: { latency: 0 } }));

it('takes 1,000 toxics a proxy; the next one is refused with the limit, and the proxy goes on', async () => {
  await using server = await rig(echo);
  await using up = await apiRig();
  const upstream = `127.0.0.1:${server.proxy.upstream.port}`;
  const proxy = { name: 'echo', listen: '127.0.0.1:0', upstream };
  expect(await up.say('PUT', '/proxies', [{ ...proxy, toxics: toxics(1001) }])).toMatch(
    /^400 .*a proxy takes at most 1000 toxics/,
  );
  const { proxies } = (await up.json('PUT', '/proxies', [{ ...proxy, toxics: toxics(1000) }])) as {
    proxies: { listen: string; toxics: unknown[] }[];
  };
  expect(proxies[0]?.toxics).toHaveLength(1000);
  expect(await up.say('POST', '/proxies/echo/toxics', { type: 'noop' })).toMatch(
    /^400 .*a proxy takes at most 1000 toxics/,
  );
  const socket = connect({ host: '127.0.0.1', port: portOf(proxies[0]!.listen) });
  await once(socket, 'connect');
  expect(await roundTrip(socket, 'through all of them')).toBe('through all of them');
  socket.destroy();
});

it('answers 403 to a foreign name and to pages of other sites, and names the reason', async () => {
  await using up = await apiRig({ allowedHosts: ['toxiproxy'] });
  const answer = async (headers: Readonly<Record<string, string>>): Promise<string> => {
    const { status, text } = await up.raw('GET', '/proxies', undefined, headers);
    return `${status} ${text}`;
  };
  for (const [headers, expected] of [
    [{ host: 'evil.example' }, /^403 .*Host not allowed.*--allow-host/],
    [{ host: '127.0.0.1.evil.example:8474' }, /^403 .*Host not allowed/],
    [{ origin: 'https://evil.example' }, /^403 .*Origin not allowed/],
    [{ origin: 'null' }, /^403 .*Origin not allowed/],
    [{ 'sec-fetch-site': 'cross-site' }, /^403 .*Sec-Fetch-Site not allowed/],
    [{ 'sec-fetch-site': 'same-site' }, /^403 /],
    [{}, /^200 /],
    [{ host: 'localhost:8474' }, /^200 /],
    [{ host: '[::1]:8474' }, /^200 /],
    [{ host: 'toxiproxy:8474' }, /^200 /],
    [{ host: 'toxiproxy:8474', origin: 'http://toxiproxy:8474', 'sec-fetch-site': 'same-origin' }, /^200 /],
  ] as const)
    expect(await answer(headers), JSON.stringify(headers)).toMatch(expected);
  // Nothing that changes something gets through either.
  const { status } = await up.raw('POST', '/reset', '', { origin: 'https://evil.example' });
  expect(status).toBe(403);
});

it('answers a path that is no address, and goes on', async () => {
  await using up = await apiRig();
  const { hostname, port } = new URL(up.api.url);
  const [response] = (await once(request({ host: hostname, port, path: '//' }).end(), 'response')) as [IncomingMessage];
  response.resume();
  expect(response.statusCode).toBe(400);
  expect((await up.raw('GET', '/version')).status).toBe(200);
});
