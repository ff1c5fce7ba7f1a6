import { readFileSync, statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createProject } from './support/project.ts';
import { runChaos } from './support/run-chaos.ts';
import { hits, outputs } from './support/secret-hits.ts';

// Secrets are planted wherever they can enter, and looked for in everything that comes out.
const CANARIES = {
  env: 'canary-Env-7f3a91',
  named: 'canary-Licence-90d2',
  variant: 'canary-Variant-2b8c',
  url: 'canaryUrl5d6e77',
  external: 'canaryExternal9a1b',
  metadata: 'canary-Metadata-44c0',
  unmarkedUrl: 'canaryUnmarkedUrl81',
};
const TOKEN = `${Buffer.from('{"alg":"ES256"}').toString('base64url')}.${Buffer.from('{"sub":"canary"}').toString('base64url')}.c2lnbmF0dXJlLWNhbmFyeQ`;

const CONFIG = `
target:
  command: [node, target.mjs]
  env:
    PORT: '{port}'
    API_KEY: ${CANARIES.env}
    LICENCE: ${CANARIES.named}
    AMQP: amqp://app:${CANARIES.url}@mq.example/v
    DATABASE_URL: '{postgres.url}'
  variants: { other: { DB_PASSWORD: ${CANARIES.variant} } }
secret: [licence]
metadata: { deploy: { token: ${CANARIES.metadata} } }
runner: { workers: 1, retries: 0 }
`;
const TARGET = `
import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
const { API_KEY, AMQP, DATABASE_URL, LICENCE, PORT } = process.env;
const say = async (text) => { for (const part of [text.slice(0, 7), text.slice(7)]) { process.stdout.write(part); await delay(20); } };
await say(\`key \${API_KEY}\\n\`); await say(\`licence \${LICENCE}\\n\`); await say(\`url \${AMQP} \${DATABASE_URL}\\n\`); process.stderr.write('end ' + API_KEY);
createServer((_, response) => response.end(JSON.stringify({ API_KEY, DATABASE_URL }))).listen(Number(PORT), '127.0.0.1');
`;
const TESTS = `
import { test, expect } from '@chaos/test';
import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
const TOKEN = ${JSON.stringify(TOKEN)};
const UNMARKED = 'redis://:${CANARIES.unmarkedUrl}@elsewhere/0';
test('the target gets the real ones', async ({ target, postgres }) => {
  const got = await (await fetch(target.url)).json();
  expect(got.API_KEY).toHaveLength(${CANARIES.env.length});
  expect(new URL(got.DATABASE_URL).password).toHaveLength(32);
  await postgres.query('SELECT 1');
});
test('tells all', async ({ target, postgres, jwks }, info) => {
  const key = (await (await fetch(target.url)).json()).API_KEY;
  const password = new URL(postgres.url).password;
  writeFileSync('password', password);
  const token = await jwks.issue();
  writeFileSync('token', token);
  for (const secret of [key, password, TOKEN, UNMARKED, token, encodeURIComponent(key), Buffer.from(key).toString('base64')]) {
    console.log('said ' + secret); console.error('said ' + secret);
    for (const at of [1, 5, secret.length - 2]) { process.stdout.write(secret.slice(0, at)); await delay(30); process.stdout.write(secret.slice(at) + '\\n'); }
  }
  info.annotations.push({ type: 'note', description: 'with ' + key + ' and ' + password });
  await info.attach('body', { body: 'body ' + key + ' ' + password + ' ' + UNMARKED });
  writeFileSync('plain.txt', 'file ' + key + ' ' + password + ' ' + token);
  await info.attach('file', { path: 'plain.txt', contentType: 'text/plain' });
  await test.step('step ' + password, async () => { throw new Error('thrown with ' + key + ' at ' + postgres.url + ' ' + token + ' ' + UNMARKED, { cause: new Error('because of ' + password) }); });
});
test('compares', async ({ target }) => { const { API_KEY } = await (await fetch(target.url)).json(); expect({ key: API_KEY, token: TOKEN }).toEqual({ key: 'x', token: 'y' }); });
`;

const RUNS = [['--reporter', 'list,json,junit,blob,github'], ['--reporter', 'line'], ['--reporter', 'dot'], ['--json']];

test('no secret gets into any report, log or line of the terminal', async () => {
  const project = createProject({
    'chaos.yaml': CONFIG,
    'target.mjs': TARGET,
    'a.chaos.ts': TESTS,
    'external/chaos.yaml': `services: { postgres: { url: 'postgres://u:${CANARIES.external}@127.0.0.1:1/x' } }\ntarget: { env: { A: '{postgres.url}' } }\n`,
  });
  const outs: Record<string, string> = {};
  for (const args of RUNS) {
    const { code, output } = await runChaos(project, [...args, '--verbose'], {
      env: { GITHUB_ACTIONS: '1' },
    });
    expect(code, output).toBe(1);
    outs[`${args.join(' ')} on the terminal`] = output;
    if (args === RUNS[0]) expect(output).toContain('2 failed');
  }
  for (const args of [
    ['config'],
    ['config', '--json'],
    ['env', '--json'],
    ['doctor', '--json'],
    ['list', '--json'],
    ['merge-reports', 'blob-report', '--reporter', 'list,json'],
  ])
    outs[args.join(' ')] = (await runChaos(project, args)).output;
  for (const args of [
    ['config', '-c', 'external/chaos.yaml'],
    ['doctor', '-c', 'external/chaos.yaml'],
    ['-c', 'external/chaos.yaml'],
  ])
    outs[`external ${args.join(' ')}`] = (await runChaos(project, args)).output;
  expect(outs['config']).toContain('***');
  const secrets = [
    ...Object.values(CANARIES),
    TOKEN,
    ...['password', 'token'].map((name) => readFileSync(project.file(name), 'utf8')),
  ];
  for (const folder of ['chaos-results', 'blob-report']) Object.assign(outs, outputs(project.file(folder)));
  expect(hits(outs, secrets)).toEqual([]);
  // Files that stay are readable for this user only.
  for (const folder of ['chaos-results', 'blob-report']) expect(statSync(project.file(folder)).mode & 0o077).toBe(0);
}, 240_000);
