import { detectCapabilities, detectNamespace } from '@chaos/env';
import { expect, test } from 'vitest';
import { runTests } from './support/run-tests.ts';

const [namespace, capabilities] = await Promise.all([
  detectNamespace({ signal: AbortSignal.timeout(10_000) }),
  detectCapabilities(),
]);

const CONFIG = `
target: { command: [node, target.mjs], env: { PORT: '{port}' } }
runner: { workers: 1, leaks: 'off', max_inconclusive: 1 }
`;
const TARGET = `
import { createServer } from 'node:http';
createServer((_, response) => response.end('ok')).listen(Number(process.env.PORT), '127.0.0.1');
`;
// In the slot's namespace, so that nothing of this machine is touched; with a lease, as on a real device.
const SPEC = `
import { InvariantViolation } from '@chaos/spec';
import { deviceFault } from '@chaos/net-tc';
import { readdirSync, readFileSync } from 'node:fs';

const silence = (target) => deviceFault({ device: 'lo', faults: [{ match: { protocol: 'tcp', destinationPorts: [Number(new URL(target.url).port)] }, partition: 'drop' }] });
const answers = (target) => fetch(target.url, { signal: AbortSignal.timeout(300) }).then(() => true, () => false);
// Stops the processes that renew the lease until the kernel has dropped the rules.
async function lapse(target) {
  const renewers = readdirSync('/proc').filter((pid) => {
    try {
      return /(^|\\/|\\0)nft\\0-i\\0$/.test(readFileSync('/proc/' + pid + '/cmdline', 'utf8')) && Number(/PPid:\\s*(\\d+)/.exec(readFileSync('/proc/' + pid + '/status', 'utf8'))[1]) === process.pid;
    } catch {
      return false;
    }
  });
  for (const pid of renewers) process.kill(Number(pid), 'SIGSTOP');
  while (!(await answers(target)));
  for (const pid of renewers) process.kill(Number(pid), 'SIGCONT');
  while (await answers(target));
}
test('in force', async ({ target, inject }) => {
  await inject(silence(target));
  expect(await answers(target)).toBe(false);
});
test('passes', async ({ target, inject }) => {
  await inject(silence(target));
  await lapse(target);
});
test('fails', async ({ target, inject }) => {
  await inject(silence(target));
  await lapse(target);
  expect(await answers(target)).toBe(true);
});
test('is wrong', async ({ target, inject }) => {
  await inject(silence(target));
  await lapse(target);
  throw new InvariantViolation('wrong data');
});
`;

test.runIf(namespace.available && capabilities.nft.available)(
  'a fault that was out of force for a while makes its test inconclusive, but wrong data stay wrong',
  async () => {
    const { run, only, get } = await runTests(SPEC, [], CONFIG, { 'target.mjs': TARGET });
    expect(only('in force').status, run.output).toBe('passed');
    for (const title of ['passes', 'fails']) {
      expect(get(title).results).toHaveLength(1);
      expect(only(title).status).toBe('skipped');
      expect(only(title).chaos.inconclusive).toMatch(
        /^The fault was not in force all the time: network of lo: partition: /,
      );
    }
    expect(get('is wrong').status).toBe('unexpected');
  },
);
