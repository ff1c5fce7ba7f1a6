import { setExpectHost } from '@chaos/assert';
import {
  currentTest,
  equipTest,
  loadDriver,
  matcherSteps,
  started,
  test as base,
  type SlotHandle,
} from '@chaos/runner';
import type { SlotFixtureReference, TargetDriver } from '@chaos/spec';
import type { ChaosFixtures } from './chaos-fixtures.js';
import { createExperiment } from './experiment/experiment.js';
import { expect } from './expect/expect.js';
import { OUTSIDE } from './expect/host-outside.js';
import { attachHistory } from './fixtures/attach-history.js';
import { createJwks, type JwksProtocol } from './fixtures/jwks.js';
import { createDns, type Dns } from './fixtures/dns.js';
import { createGetLink, type GetLink } from './fixtures/link.js';
import { createLoad } from './fixtures/load.js';
import { createPostgres, type PostgresProtocol } from './fixtures/postgres/postgres.js';
import { FaultLog } from './fixtures/recorder.js';
import { createRedis, type RedisProtocol } from './fixtures/redis.js';
import { createResources } from './fixtures/resources.js';
import { createTarget } from './fixtures/target/target.js';
import { watched } from './fixtures/watched.js';
import { createTargets } from './fixtures/target/targets.js';
import { takeViolation } from './expect/history-matchers.js';
import { serviceInSlot } from './service-in-slot.js';
import type { DnsProtocol } from './slot/dns-slot.js';
import type { LinksProtocol } from './slot/links-slot.js';
import { slotClient } from './slot/slot-client.js';
import { programsOf } from './slot/target/programs.js';
import type { TargetProtocol } from './slot/target-slot.js';
import type { TestType } from './test-type.js';

/** Slot fixtures behind the fixtures that tests use. */
interface SlotFixtures {
  readonly postgresSlot: SlotHandle<PostgresProtocol['address']>;
  readonly redisSlot: SlotHandle<RedisProtocol['address']>;
  readonly jwksSlot: SlotHandle<JwksProtocol['address']>;
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

// Worker fixtures come before any test.
setExpectHost(OUTSIDE);

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
      const steps = matcherSteps(info);
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
        onStart: (title, matcher, progress) => info.chaos.started(title, matcher, progress && { progress }),
        ...(steps && { asStep: steps }),
        ended: (signal) => info.chaos.ended(signal),
        onStretched: (reason) => (currentTest() ?? info).chaos.stretched(reason),
        onRecovery: (recovery) => void info.recoveries.push(recovery),
      });
      await use();
      setExpectHost(OUTSIDE);
    },
    { auto: 'all-hooks-included', box: true },
  ],
  config: async ({}, use, info) => use(info.chaos.config),
  faultLog: [async ({}, use) => use(new FaultLog()), { box: true }],
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
  resources: async ({}, use, info) => {
    await using resources = createResources(info.chaos.journal, () => info.signal);
    await use(watched('resources', resources));
  },
  load: async ({ config }, use, info) => use(createLoad(config, info, (reason) => test.inconclusive(reason))),
  experiment: async ({ inject, load, config }, use, info) => {
    const run = createExperiment({ inject, load, config }, info);
    await use((options) => started('experiment()', () => run(options)));
  },
  driver: [
    async ({}, use, info) => {
      const { driver } = info.chaos.config.target;
      await use(driver === undefined ? undefined : await loadDriver(driver));
    },
    { scope: 'worker', box: true },
  ],
  target: async ({ targetSlot, driver, config }, use, info) => {
    const ends: (() => Promise<void>)[] = [];
    await use(
      createTarget(slotClient<TargetProtocol>(targetSlot), {
        driver,
        config,
        needs: info.chaos.needs,
        sibling: (name) => targetSlot.sibling(name),
        signal: () => info.signal,
        started: (what, action, options) => (currentTest() ?? info).chaos.started(what, action, options),
        fail: (error) => (currentTest() ?? info).softFail(error),
        atEnd: (dispose) => void ends.push(dispose),
      }),
    );
    for (const end of ends) await end();
  },
  targets: async ({ targetSlot, config }, use, info) => {
    const ends: (() => Promise<void>)[] = [];
    const atEnd = (dispose: () => Promise<void>): void => void ends.push(dispose);
    await use(createTargets((name) => targetSlot.sibling(name), { config, signal: () => info.signal, atEnd }));
    for (const end of ends) await end();
  },
  // Start the target first: tests break its links.
  link: async ({ linksSlot, targetSlot: _ }: SlotFixtures, use: (link: GetLink) => Promise<void>, info) =>
    use(createGetLink(slotClient<LinksProtocol>(linksSlot), programsOf(info.chaos.config)[0]?.name ?? 'target')),
  jwks: async ({ jwksSlot }, use, info) =>
    use(
      watched(
        'jwks',
        createJwks(slotClient<JwksProtocol>(jwksSlot), () => info.signal),
      ),
    ),
  // Start the target first: it is the one that looks names up.
  dns: async ({ dnsSlot, targetSlot: _ }: SlotFixtures, use: (dns: Dns) => Promise<void>, info) =>
    use(
      watched(
        'dns',
        createDns(slotClient<DnsProtocol>(dnsSlot), () => info.signal),
      ),
    ),
  postgres: async ({ postgresSlot }, use, info) => {
    await using postgres = createPostgres(slotClient<PostgresProtocol>(postgresSlot), {
      journal: info.chaos.journal,
      signal: () => info.signal,
    });
    await use(watched('postgres', postgres));
  },
  redis: async ({ redisSlot }, use, info) => {
    using redis = createRedis(slotClient<RedisProtocol>(redisSlot), () => info.signal);
    await use(watched('redis', redis));
  },
});

/** The same `test`, typed with the operations of a driver: `withDriver<typeof driver>()`. */
export function withDriver<Driver extends TargetDriver>(): TestType<ChaosFixtures<Driver>> {
  return test as unknown as TestType<ChaosFixtures<Driver>>;
}
