import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { defectNames } from '../src/index.js';
import { probes, type Probe } from './defect-probes.js';
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

const probed = Object.keys(probes);

function probeOf(name: string): Probe {
  return probes[name] as Probe;
}

function start(name: string, env: Readonly<Record<string, string>>): Promise<Running> {
  const url = new URL(world.postgres.url);
  url.port = String(relay.port);
  return world.start({ ...(probeOf(name).needsRelay && { DATABASE_URL: url.href, TIMEOUT_MS: '5000' }), ...env });
}

function isPossible(name: string): boolean {
  return !probeOf(name).needsRedis || world.redis !== undefined;
}

async function isHarmed(name: string, service: Running): Promise<boolean> {
  if (!probeOf(name).isCold) await service.seed(SEED);
  return probeOf(name).isHarmed(service, world, relay);
}

it('every file of a defect is in the catalogue', () => {
  const files = readdirSync(new URL('../src/defects', import.meta.url)).map((file) => file.replace(/\.ts$/, ''));
  expect([...defectNames]).toEqual(files.sort());
  expect(defectNames).toEqual(expect.arrayContaining(probed));
});

describe('a defect does harm', () => {
  it.for(probed)('%s', async (name, { skip }) => {
    if (!isPossible(name)) return skip('there is no Redis');
    await using service = await start(name, { DEFECT: name });
    expect(await isHarmed(name, service)).toBe(true);
  });
});

describe('the healthy service does none', () => {
  const needsItsOwn = (name: string): boolean => Boolean(probeOf(name).isCold || probeOf(name).needsRelay);
  let shared: Running;
  beforeAll(async () => {
    shared = await world.start();
  });
  afterAll(() => shared?.[Symbol.asyncDispose]());

  it.for(probed.filter(needsItsOwn))('%s', async (name) => {
    await using service = await start(name, {});
    expect(await isHarmed(name, service)).toBe(false);
  });

  it.for(probed.filter((name) => !needsItsOwn(name)))('%s', async (name, { skip }) => {
    if (!isPossible(name)) return skip('there is no Redis');
    expect(await isHarmed(name, shared)).toBe(false);
  });
});
