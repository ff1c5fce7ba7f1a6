import { setExpectHost } from '@chaos/assert';
import { currentTest, equipTest, test as base, type SlotHandle } from '@chaos/runner';
import type { SlotFixtureReference, TargetDriver } from '@chaos/spec';
import type { ChaosFixtures } from './chaos-fixtures.js';
import { expect } from './expect.js';
import { attachHistory } from './fixtures/attach-history.js';
import { createJwks } from './fixtures/jwks.js';
import { createDns, type Dns } from './fixtures/dns.js';
import { createGetLink, type GetLink } from './fixtures/link.js';
import { createLoad } from './fixtures/load.js';
import { createPostgres } from './fixtures/postgres.js';
import { FaultLog } from './fixtures/recorder.js';
import { createRedis } from './fixtures/redis.js';
import { createResources } from './fixtures/resources.js';
import { createTarget } from './fixtures/target.js';
import { takeViolation } from './history-matchers.js';
import { serviceInSlot } from './service-in-slot.js';
import type { DnsProtocol } from './slot/dns-slot.js';
import type { LinksProtocol } from './slot/links-slot.js';
import { loadDriver } from './slot/target/load-driver.js';
import { slotClient } from './slot/slot-client.js';
import type { TargetProtocol } from './slot/target-slot.js';
import type { TestType } from './test-type.js';

/** Slot fixtures behind the fixtures that tests use. */
interface SlotFixtures {
  readonly postgresSlot: SlotHandle<{ url: string }>;
  readonly redisSlot: SlotHandle<{ url: string }>;
  readonly jwksSlot: SlotHandle<{ url: string; issuer: string; audience: string }>;
  readonly dnsSlot: SlotHandle<DnsProtocol['address']>;
  readonly linksSlot: SlotHandle<LinksProtocol['address']>;
  readonly targetSlot: SlotHandle<TargetProtocol['address']>;
}

interface Internal {
  readonly driver: TargetDriver | undefined;
  readonly expectHost: void;
  readonly faultLog: FaultLog;
}

function inSlot(name: string): readonly [SlotFixtureReference, { readonly scope: 'slot' }] {
  return [
    { module: new URL(`./slot/${name}-slot.js`, import.meta.url).href, export: `${name}Slot`, name },
    { scope: 'slot' },
  ];
}

/** `test` with the chaos fixtures. Importing it starts nothing. */
export const test: TestType<ChaosFixtures> = equipTest(base, { expect }).extend<
  SlotFixtures & Internal & ChaosFixtures
>({
  postgresSlot: serviceInSlot('postgres'),
  redisSlot: serviceInSlot('redis'),
  jwksSlot: serviceInSlot('jwks'),
  dnsSlot: inSlot('dns'),
  linksSlot: inSlot('links'),
  targetSlot: inSlot('target'),

  // Waiting matchers end with the test and are stretched like every deadline.
  expectHost: [
    async ({}, use, info) => {
      setExpectHost({
        get signal() {
          return info.signal;
        },
        get defaults() {
          const { timeout, toPass } = info.project.expect;
          return { timeoutMs: timeout, toPass: { timeoutMs: toPass.timeout, intervalsMs: toPass.intervals } };
        },
        deadlineFactor: info.chaos.config.deadlineFactor,
        // A late matcher belongs to the test that started it.
        onSoftFailure: (error) => (currentTest() ?? info).softFail(error),
        onStart: (title, matcher) => info.chaos.started(title, matcher),
        onStretched: (reason) => (currentTest() ?? info).chaos.stretched(reason),
        onRecovery: (recovery) => void info.recoveries.push(recovery),
      });
      await use();
      setExpectHost(undefined);
    },
    { auto: 'all-hooks-included' },
  ],
  config: async ({}, use, info) => use(info.chaos.config),
  faultLog: async ({}, use) => use(new FaultLog()),
  inject: async ({ faultLog }, use, info) => use((fault, options) => info.chaos.inject(faultLog.note(fault), options)),
  recorder: async ({ faultLog }, use, info) => {
    const { createRecorder } = await import('@chaos/history');
    using recorder = createRecorder();
    const unwatch = faultLog.watch(recorder);
    takeViolation();
    await use(recorder);
    unwatch();
    if (info.status !== info.expectedStatus) await attachHistory(recorder, takeViolation(), info);
  },
  random: async ({}, use, info) => use((purpose) => info.random(purpose)),
  resources: async ({}, use, info) => use(createResources(info.chaos.journal)),
  load: async ({ config }, use, info) => use(createLoad(config, info, (reason) => test.inconclusive(reason))),
  driver: [
    async ({}, use, info) => {
      const { driver } = info.chaos.config.target;
      await use(driver === undefined ? undefined : await loadDriver(driver));
    },
    { scope: 'worker' },
  ],
  target: async ({ targetSlot, driver, config }, use, info) =>
    use(
      createTarget(
        slotClient<TargetProtocol>(targetSlot),
        (name) => targetSlot.sibling(name),
        driver,
        config,
        () => info.signal,
      ),
    ),
  // Start the target first: tests break its links.
  link: async ({ linksSlot, targetSlot: _ }: SlotFixtures, use: (link: GetLink) => Promise<void>) =>
    use(createGetLink(slotClient<LinksProtocol>(linksSlot))),
  jwks: async ({ jwksSlot }, use, info) => use(createJwks(jwksSlot, () => info.signal)),
  // Start the target first: it is the one that looks names up.
  dns: async ({ dnsSlot, targetSlot: _ }: SlotFixtures, use: (dns: Dns) => Promise<void>, info) =>
    use(createDns(slotClient<DnsProtocol>(dnsSlot), () => info.signal)),
  postgres: async ({ postgresSlot }, use) => {
    await using postgres = createPostgres(postgresSlot);
    await use(postgres);
  },
  redis: async ({ redisSlot }, use) => {
    using redis = createRedis(redisSlot);
    await use(redis);
  },
});

/** The same `test`, typed with the operations of a driver: `withDriver<typeof driver>()`. */
export function withDriver<Driver extends TargetDriver>(): TestType<ChaosFixtures<Driver>> {
  return test as unknown as TestType<ChaosFixtures<Driver>>;
}
