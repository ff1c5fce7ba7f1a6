import { describe, expect, test } from 'vitest';
import { substitute } from './substitute.js';

describe('substitute()', () => {
  test('replaces every placeholder', () => {
    expect(
      substitute('{postgres.url}?max={connection_pool_size}&again={connection_pool_size}', {
        'postgres.url': 'postgres://a@b/c',
        connection_pool_size: 5,
      }),
    ).toBe('postgres://a@b/c?max=5&again=5');
  });

  test.each(['', 'plain', '{}', '{"a":1}', '{ port }', '${HOME', '{1}'])('leaves %j alone', (template) => {
    expect(substitute(template, { port: 1 })).toBe(template);
  });

  test('does not substitute what it put in', () => {
    expect(substitute('{jwks.url}', { 'jwks.url': 'http://x/{port}$&' })).toBe('http://x/{port}$&');
  });

  test.each(['{postgres.uri}', '{PORT}', '{toString}', 'a{constructor}'])('names the known ones for %s', (template) => {
    expect(() => substitute(template, { port: 1, 'redis.host': 'h' })).toThrow(
      expect.objectContaining({
        code: 'USAGE',
        hint: 'Known are {port} {redis.host}.',
      }),
    );
  });
});
