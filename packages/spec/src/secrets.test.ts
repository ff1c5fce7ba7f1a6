import { describe, expect, test } from 'vitest';
import { heldBack, isSecretName, markSecret, markSecretNames, markSecretsIn, redact, redactDeep } from './secrets.js';

describe('redact', () => {
  test('hides a marked secret in every form that it takes', () => {
    const secret = 'p@ss/"w0rd-canary';
    markSecret(secret);
    const forms = [
      secret,
      encodeURIComponent(secret),
      JSON.stringify({ secret }),
      Buffer.from(secret).toString('base64'),
    ];
    for (const form of forms) expect(redact(`a ${form} b`)).toMatch(/\*\*\*/);
    for (const form of forms) expect(redact(`a ${form} b`)).not.toContain('w0rd');
  });

  test('hides passwords of URLs and signed tokens that nobody marked, and leaves the rest', () => {
    expect(redact('at postgres://app:hunter2canary@db:5432/x?max=3, http://h/a:b@c')).toBe(
      'at postgres://app:***@db:5432/x?max=3, http://h/a:b@c',
    );
    expect(redact('redis://:a@b:c@h')).toBe('redis://:***@h');
    expect(redact('Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0. end')).toBe('Bearer *** end');
    expect(redact('http://[::1]:8080/ and 12:30@noon')).toBe('http://[::1]:8080/ and 12:30@noon');
  });

  test('does not hide short and common words everywhere', () => {
    markSecret('abc');
    markSecretsIn('postgres://postgres:postgres@h/postgres');
    expect(redact('abc postgres')).toBe('abc postgres');
  });
});

test('a cycle in a configuration is walked once', () => {
  const cycle: Record<string, unknown> = { API_KEY: 'canary-in-a-cycle' };
  cycle['self'] = { cycle };
  markSecretsIn(cycle);
  expect(redact('canary-in-a-cycle')).toBe('***');
});

test('plain data: texts under secret names, texts in base64, and nothing copied that has nothing to hide', () => {
  const clean = { a: ['b', { c: 1 }] };
  expect(redactDeep(clean)).toBe(clean);
  markSecretsIn({ env: { API_KEY: 'canary-in-env', PORT: '3000' } });
  expect(
    redactDeep({
      env: { API_KEY: 'short', PORT: '3000' },
      log: ['x canary-in-env y'],
      attachments: [{ contentType: 'text/plain', body: Buffer.from('!canary-in-env!').toString('base64') }],
    }),
  ).toEqual({
    env: { API_KEY: '***', PORT: '3000' },
    log: ['x *** y'],
    attachments: [{ contentType: 'text/plain', body: Buffer.from('!***!').toString('base64') }],
  });
});

test.each(['PGPASSWORD', 'db_password', 'authToken', 'API_KEY', 'apiKey', 'privateKey', 'CLIENT_SECRET', 'DB_PASS'])(
  '%s is the name of a secret',
  (name) => expect(isSecretName(name)).toBe(true),
);
test.each(['PORT', 'status', 'bypass', 'passed', 'tokens', 'key', 'monkey'])('%s is not', (name) =>
  expect(isSecretName(name)).toBe(false),
);

test('what could become a secret is kept back until more comes, at every place where it can be torn', () => {
  const secret = 'torn-over-two-chunks';
  markSecret(secret);
  for (const text of [`a ${secret} b\n`, 'at redis://:unknown-password@h/ b\n', 'x eyJhbGci.eyJzdWIi.c2ln \n'])
    for (let at = 1; at < text.length; at += 1) {
      const head = text.slice(0, at);
      const held = heldBack(head);
      const printed =
        redact(head.slice(0, head.length - held)) + redact(head.slice(head.length - held) + text.slice(at));
      expect(printed, `${at}`).toBe(redact(text));
    }
  expect(heldBack('nothing to see\n')).toBe(0);
});

test('a whole secret is not cut where its end could begin another one', () => {
  markSecret('ends-with-Q');
  markSecret('Q-begins-with');
  for (const text of ['x ends-with-Q', 'x ends-with-Q-begins-with', 'x ends-with-Q y']) {
    const held = heldBack(text);
    expect(redact(text.slice(0, text.length - held)) + redact(text.slice(text.length - held))).toBe(redact(text));
  }
});

test('a name that the user gives is one of a secret, in any case', () => {
  expect(isSecretName('Licence')).toBe(false);
  markSecretNames(['LICENCE']);
  markSecretsIn({ env: { licence: 'canary-licence' } });
  expect([isSecretName('Licence'), redact('the canary-licence')]).toEqual([true, 'the ***']);
});
