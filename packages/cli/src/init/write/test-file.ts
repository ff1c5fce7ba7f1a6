import { TITLES, type InitService } from '../init-service.js';
import type { Plan } from '../plan.js';
import { quoted } from './quoted.js';

/** The text of chaos/first.chaos.ts: a test that breaks nothing, and one that does. */
export function testFile({ readPath, readIs, services }: Plan): string {
  const broken = services.find((service) => service !== 'jwks');
  const tests =
    readPath !== undefined
      ? [ANSWERS, broken === undefined ? SLOW_CLIENTS : outage(broken, readIs === 'health' ? readPath : undefined)]
      : [RUNS, broken === undefined ? COMES_BACK : workerOutage(broken)];
  return `${HEAD}\n${tests.join('\n')}`;
}

const HEAD = `import { expect, withDriver } from '@chaos/test';
import type driver from './driver.js';

const test = withDriver<typeof driver>();
`;

const ANSWERS = `test(
  'answers',
  { purpose: 'Nothing is broken yet: what fails here would fail below, too.', needs: ['read'] },
  async ({ target, load }) => {
    const answers = await load.closed({ run: () => target.read(), concurrency: 2, operations: 20 });
    expect(answers.counts).toMatchObject({ ok: 20 });
  },
);
`;

// Without an operation that needs the service the test would show nothing.
const outage = (
  service: InitService,
  onlyHealth: string | undefined,
): string => `test${onlyHealth === undefined ? '' : '.fixme'}(
  'goes on after an outage of ${TITLES[service]}',
  {
    purpose: 'An outage costs its time: no request hangs, and nobody has to restart the program.',
    needs: ['read'],${
      onlyHealth === undefined
        ? ''
        : `
    annotation: { type: 'fixme', description: ${quoted(`read is only ${onlyHealth}: edit it in chaos/driver.ts`)} },`
    }
  },
  async ({ target, link, inject, load, config }) => {
    const read = { run: () => target.read() };
    await load.warmUp(read);

    const outage = await inject(link('target', '${service}').cut());
    // All at once: requests that hang do so for one time-out, and not for the whole time of the test.
    const during = await load.closed({ ...read, concurrency: 10, operations: 10 });
    // A request may fail meanwhile, but soon.
    expect(during.counts).toMatchObject({ timeout: 0 });

    await outage.heal();
    await expect(read.run).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'reads' });
  },
);
`;

const SLOW_CLIENTS = `test(
  'answers over a slow line',
  { purpose: 'A slow network costs its time, and no answer.', needs: ['read'] },
  async ({ target, link, inject, load }) => {
    await inject(link('client', 'target').latency({ latencyMs: 50 }));
    const answers = await load.closed({ run: () => target.read(), concurrency: 4, operations: 20 });
    expect(answers.counts).toMatchObject({ ok: 20 });
  },
);
`;

const RUNS = `test('runs', { purpose: 'Nothing is broken yet: what fails here would fail below, too.' }, async ({ target }) => {
  expect(await target.process.alive()).toBe(true);
});
`;

const COMES_BACK = `test('starts again after it was killed', { purpose: 'A crash leaves nothing that keeps it from starting.' }, async ({ target, inject }) => {
  const crash = await inject(target.process.kill());
  await crash.heal();
  expect(await target.process.alive()).toBe(true);
});
`;

const workerOutage = (service: InitService): string => `test(
  'connects again after an outage of ${TITLES[service]}',
  { purpose: 'An outage costs its time, and nobody has to restart the program.'${service === 'postgres' ? ", needs: ['sessions']" : ''} },
  async ({ target, ${service === 'redis' ? 'redis, ' : ''}link, inject, config }) => {
${service === 'postgres' ? '    const sessions = () => target.sessions();\n' : REDIS_SESSIONS}    const { timeoutMs } = config;
    await expect.poll(sessions, { timeout: timeoutMs }).toBeGreaterThan(0);

    const outage = await inject(link('target', '${service}').cut());
    await expect.poll(sessions, { timeout: timeoutMs }).toBe(0);

    await outage.heal();
    await expect.poll(sessions, { timeout: timeoutMs }).toBeGreaterThan(0);
    expect(await target.process.alive()).toBe(true);
  },
);
`;

const REDIS_SESSIONS = `    const control = await redis.connect();
    // One of them is the test's own.
    const sessions = async () => String(await control.client('LIST')).trim().split('\\n').length - 1;
`;
