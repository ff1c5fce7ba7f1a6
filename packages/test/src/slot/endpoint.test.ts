import { describe, expect, test } from 'vitest';
import { endpointOf, withEndpoint } from './endpoint.js';

const PORTS = { 'postgres:': 5432, 'postgresql:': 5432, 'redis:': 6379, 'https:': 443 };

describe('endpointOf()', () => {
  test.each([
    ['postgres://app:p%40ss@db.example:6543/app?sslmode=disable', 'db.example', 6543],
    ['postgresql://db/app', 'db', 5432],
    ['redis://127.0.0.1', '127.0.0.1', 6379],
    ['https://issuer.example/.well-known/jwks.json', 'issuer.example', 443],
    ['http://[::1]:8080/', '::1', 8080],
  ])('%s', (url, host, port) => {
    expect(endpointOf(url, PORTS)).toEqual({ host, port });
  });

  test.each(['postgres:///app?host=/tmp', 'unix:/tmp/redis.sock', 'amqp://host/'])('refuses %s', (url) => {
    expect(() => endpointOf(url, PORTS)).toThrow(
      expect.objectContaining({ code: 'USAGE', message: expect.stringContaining(url) }),
    );
  });

  test('hides the password', () => {
    expect(() => endpointOf('amqp://me:secret@host/', PORTS)).toThrow(expect.not.stringContaining('secret'));
  });
});

test('withEndpoint() keeps all but host and port', () => {
  expect(withEndpoint('postgres://app:p%40ss@db.example/app?sslmode=disable', '127.0.0.1:7001')).toBe(
    'postgres://app:p%40ss@127.0.0.1:7001/app?sslmode=disable',
  );
  expect(withEndpoint('http://127.0.0.1:9/.well-known/jwks.json', '127.0.0.1:7002')).toBe(
    'http://127.0.0.1:7002/.well-known/jwks.json',
  );
});
