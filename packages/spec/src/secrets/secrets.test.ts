import { describe, expect, test } from 'vitest';
import { redactDeep } from './redact-deep.js';
import {
  heldBack,
  isSecretName,
  markSecret,
  markSecretNames,
  markSecretsIn,
  markSecretsOfShell,
  redact,
  redactBinary,
} from './secrets.js';

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

  test('hides what else a URL and a header carry', () => {
    expect(redact('https://ghp_canary@git.example/x and postgres://app@h/x')).toBe(
      'https://***@git.example/x and postgres://app@h/x',
    );
    expect(redact('postgres://h/x?user=u&password=canary1&max=3#a')).toBe('postgres://h/x?user=u&password=***&max=3#a');
    for (const text of [
      'Authorization: Bearer canary1',
      `{ authorization: 'Basic canary1' }`,
      '{"Authorization":"Bearer canary1"}',
    ])
      expect(redact(text)).toBe(text.replace('canary1', '***'));
    expect(redact('authorization: none was given')).toBe('authorization: none was given');
  });

  test('hides a secret within base64, in pieces between colours, and in bytes read as latin1', () => {
    markSecret('canary-wörd');
    for (const before of ['', 'u', 'u:', 'app:'])
      expect(redact(`Basic ${Buffer.from(`${before}canary-wörd`).toString('base64')}`), before).toContain('***');
    expect(redact('\u001B[31mcanary\u001B[7m-wörd\u001B[0m!')).toBe('***!');
    expect(redact('\u001B[31mred\u001B[0m')).toBe('\u001B[31mred\u001B[0m');
    const bytes = Buffer.from('\0canary-wörd\0').toString('latin1');
    expect(redactBinary(bytes)).toBe(`\0${'*'.repeat(12)}\0`);
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

test.each([
  'PGPASSWORD',
  'db_password',
  'authToken',
  'API_KEY',
  'apiKey',
  'privateKey',
  'CHAOS_FLEET_KEY',
  'CLIENT_SECRET',
  'DB_PASS',
])('%s is the name of a secret', (name) => expect(isSecretName(name)).toBe(true));
test.each(['PORT', 'status', 'bypass', 'passed', 'tokens', 'key', 'monkey'])('%s is not', (name) =>
  expect(isSecretName(name)).toBe(false),
);

test('variables of the shell that are named like secrets are; its folder and paths to secrets are not', () => {
  markSecretsOfShell({ PWD: '/home/canary', MY_TOKEN: 'canary-of-shell', SECRET_FILE: '/run/secrets/x', X: undefined });
  expect(redact('/home/canary canary-of-shell /run/secrets/x')).toBe('/home/canary *** /run/secrets/x');
});

test('binary data keeps its length', () => {
  markSecret('canary-in-binary');
  const body = Buffer.from('\0canary-in-binary\u0001').toString('base64');
  const safe = redactDeep({ contentType: 'application/octet-stream', body }).body;
  expect(Buffer.from(safe, 'base64').toString()).toBe(`\0${'*'.repeat(16)}\u0001`);
});

test('what could become a secret is kept back until more comes, at every place where it can be torn', () => {
  const secret = 'torn-over-two-chunks';
  markSecret(secret);
  for (const text of [
    `a ${secret} b\n`,
    'at redis://:unknown-password@h/ b\n',
    'x eyJhbGci.eyJzdWIi.c2ln \n',
    'at https://unknown-token@h/x?a=1&token=unknown&b \n',
    '{ "Authorization": "Bearer unknown" }\n',
  ])
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
