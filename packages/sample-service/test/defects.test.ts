import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { defectNames, type DefectName } from '../src/index.js';
import { probes } from './defect-probes.js';
import { startRelay, type Relay } from './relay.js';
import { createWorld, type Running, type World } from './world.js';

const SEED = { accounts: { a: 1000, b: 1000 }, counters: { c: 0 }, documents: { d: 'old' }, stock: { s: 100 } };

let world: World;
let relay: Relay;
beforeAll(async () => {
  world = await createWorld();
  relay = await startRelay(Number(new URL(world.postgres.url).port));
}, 60_000);
afterAll(async () => {
  await relay?.[Symbol.asyncDispose]();
  await world?.[Symbol.asyncDispose]();
});
beforeEach(() => world.jwks.reset(AbortSignal.timeout(5000)));

function start(name: DefectName, env: Readonly<Record<string, string>>): Promise<Running> {
  const url = new URL(world.postgres.url);
  url.port = String(relay.port);
  return world.start({ ...(probes[name].needsRelay && { DATABASE_URL: url.href, TIMEOUT_MS: '5000' }), ...env });
}

function isPossible(name: DefectName): boolean {
  return !probes[name].needsRedis || world.redis !== undefined;
}

async function isHarmed(name: DefectName, service: Running): Promise<boolean> {
  if (!probes[name].isCold) await service.seed(SEED);
  return probes[name].isHarmed(service, world, relay);
}

describe('a defect does harm', () => {
  it.for(defectNames)('%s', async (name, { skip }) => {
    if (!isPossible(name)) return skip('there is no Redis');
    await using service = await start(name, { DEFECT: name });
    expect(await isHarmed(name, service)).toBe(true);
  });
});

describe('the healthy service does none', () => {
  const needsItsOwn = (name: DefectName): boolean => Boolean(probes[name].isCold || probes[name].needsRelay);
  let shared: Running;
  beforeAll(async () => {
    shared = await world.start();
  });
  afterAll(() => shared?.[Symbol.asyncDispose]());

  it.for(defectNames.filter(needsItsOwn))('%s', async (name) => {
    await using service = await start(name, {});
    expect(await isHarmed(name, service)).toBe(false);
  });

  it.for(defectNames.filter((name) => !needsItsOwn(name)))('%s', async (name, { skip }) => {
    if (!isPossible(name)) return skip('there is no Redis');
    expect(await isHarmed(name, shared)).toBe(false);
  });
});
