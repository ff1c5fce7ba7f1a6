import { expect, test } from 'vitest';
import { createProject, type Project } from './support/project.ts';
import { runChaos } from './support/run-chaos.ts';

const TARGET = `
import { createServer } from 'node:http';
createServer((request, response) => {
  if (request.url === '/teapot') return response.writeHead(418).end('no coffee');
  if (request.url === '/busy') return response.writeHead(503).end('busy');
  response.end(JSON.stringify(request.url));
}).listen(Number(process.env.PORT), '127.0.0.1');
`;

function project(driver: string, target: string = TARGET): Project {
  return createProject({
    'chaos.yaml': `
target:
  command: [node, target.mjs]
  env: { PORT: '{port}' }
  ready: { port: true, timeout_ms: 3000 }
  driver: driver.ts
runner: { require_purpose: true, require_needs: true, workers: 2 }
`,
    'target.mjs': target,
    'driver.ts': `import { http } from '@chaos/test';\nconst api = http();\n${driver}`,
  });
}

const check = (of: Project, ...flags: string[]) => runChaos(of, ['driver', 'check', ...flags]);

test('each operation is called once, with the examples of the driver', async () => {
  const run = await check(
    project(`export default {
      operations: { read: api.get((id: string) => '/' + id), health: api.get('/health') },
      examples: { read: ['42'] },
    };`),
  );
  expect(run.code, run.output).toBe(0);
  expect(run.stdout()).toMatch(
    /^ok {2}read\("42"\) +\d+ ms +"\/42"\nok {2}health\(\) +\d+ ms +"\/health"\n2 of 2 operations work\.\nOf the operations of @chaos\/suites it lacks write, count, increment, transfer\.\n$/,
  );
});

test('what does not work is told, with what is missing: exit code 1', async () => {
  const driver = project(`export default { operations: {
    coffee: api.get('/teapot'),
    busy: api.get('/busy'),
    find: api.get((of: { id: string }) => '/' + of.id),
  } };`);
  const run = await check(driver);
  expect(run.code, run.output).toBe(1);
  expect(run.stdout()).toMatch(/wrong +coffee\(\) .* GET \/teapot answered 418: no coffee[^]*→ .*rejected: \[418\]/);
  expect(run.stdout()).toMatch(/unavailable +busy\(\) .* GET \/busy answered 503: busy/);
  expect(run.stdout()).toMatch(
    /misuse +find\(\) [^]*→ It was called without arguments\. .*examples: \{ find: \['…'\] \}/,
  );
  expect(run.stdout()).toContain('0 of 3 operations work.');
  const json = await check(driver, '--json');
  expect(json.code).toBe(1);
  expect(JSON.parse(json.stdout())).toMatchObject({ ok: false, calls: [{ outcome: 'wrong' }, {}, {}] });
});

test('of a target that dies it says so, and asks for no arguments', async () => {
  const target = TARGET.replace(
    'createServer((request, response) => {',
    "$&\n  if (request.url === '/crash') process.exit(7);",
  );
  const run = await check(project(`export default { operations: { read: api.get('/crash') } };`, target));
  expect(run.code, run.output).toBe(1);
  expect(run.stdout()).toMatch(
    /unknown +read\("document-0"\) [^]*→ The target has died: target exited with code 7 by itself\./,
  );
  const health = await check(project(`export default { operations: { crash: api.get('/crash') } };`, target));
  expect(health.stdout()).toMatch(/→ The target has died/);
  expect(health.stdout()).not.toContain('without arguments');
});

test('no driver is a matter of usage, a target that does not start one of the environment', async () => {
  const none = await check(createProject({ 'chaos.yaml': 'target: { command: [node, target.mjs] }' }));
  expect(none.code).toBe(2);
  expect(none.output).toMatch(/error: Cannot check the driver: target\.driver is not set\nhint: /);
  const dead = await check(project('export default { operations: { read: api.get("/") } };', 'process.exit(3);'));
  expect(dead.code, dead.output).toBe(3);
  expect(dead.output).toMatch(/exited with code 3/);
});
