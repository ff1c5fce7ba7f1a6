import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  noJournal,
  type Json,
  type ResolvedConfig,
  type SlotContext,
  type SlotFixture,
  type TargetConfig,
} from '@chaos/spec';
import { expect } from 'vitest';
import { linksSlot } from './links-slot.js';
import { serviceSlot } from './service-slot.js';
import { targetSlot } from './target-slot.js';

/** A signal that never aborts. */
export const signal: AbortSignal = new AbortController().signal;
// fetch() of Node 20 hangs once in a thousand times if its connection is reset before the answer, so it needs a
// time-out.
const SCRIPT = `
  require('http').createServer(async (request, response) => {
    if (request.url === '/die') process.exit(3);
    if (request.url === '/pid') return response.end(String(process.pid));
    if (request.url !== '/keys') return response.end(JSON.stringify(process.env));
    try {
      const { keys } = await (await fetch(process.env.JWKS_URL, { headers: { connection: 'close' }, signal: AbortSignal.timeout(2000) })).json();
      response.end(String(keys.length));
    } catch (error) {
      response.writeHead(503).end(String(error.cause?.code ?? error.name));
    }
  }).listen(Number(process.argv[1]), '127.0.0.1');`;
const FACTORIES = { links: linksSlot, target: targetSlot };

const undo: (() => Promise<unknown>)[] = [];

/** Slots for `closeSlots` to close. */
export function later(step: () => Promise<unknown>): void {
  undo.push(step);
}

/** Call it in `afterEach`. */
export async function closeSlots(): Promise<void> {
  const errors: unknown[] = [];
  for (const step of undo.splice(0).reverse()) await step().catch((error: unknown) => errors.push(error));
  if (errors.length > 0) throw errors[0];
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Starts real fixtures with a context like that of a slot. */
export interface Slot {
  readonly fixtures: Readonly<Record<string, SlotFixture>>;
  readonly log: readonly string[];
  call(fixture: string, method: string, ...args: readonly Json[]): Promise<Json>;
  address(fixture: string): Record<string, string>;
  snapshot(): Promise<void>;
  reset(): Promise<void>;
}

/** Starts the services of `target`, the links and the target. */
export async function openSlot(
  target: Partial<TargetConfig>,
  variant?: string,
  services: Partial<Record<string, { url: string }>> = {},
): Promise<Slot> {
  const directory = await mkdtemp(join(tmpdir(), 'chaos-adapters-'));
  await chmod(directory, 0o755);
  later(() => rm(directory, { recursive: true, force: true }));
  const full: TargetConfig = {
    command: ['node', '-e', SCRIPT, '{port}'],
    cwd: directory,
    env: {},
    ready: { path: '/', timeoutMs: 15_000 },
    setup: undefined,
    restart: 'on-fault',
    driver: undefined,
    variants: {},
    services: [],
    ...target,
  };
  const service = (name: string): unknown => ({ url: services[name]?.url, startTimeoutMs: 30_000 });
  const config = {
    connectionPoolSize: 7,
    timeoutMs: 5000,
    deadlineFactor: 1,
    network: { backend: 'auto' },
    target: full,
    targets: {},
    services: { postgres: service('postgres'), redis: service('redis'), jwks: service('jwks') },
  } as unknown as ResolvedConfig;
  const fixtures: Record<string, SlotFixture> = {};
  const log: string[] = [];
  const ports: Record<string, number> = {};
  const fixture = (name: string): SlotFixture => fixtures[name] ?? expect.unreachable(`${name} is not up`);
  const context: Omit<SlotContext, 'name'> = {
    slotIndex: 0,
    sandboxed: false,
    outside: () => Promise.reject(new Error('this slot has no sandbox')),
    runId: `adapters-${process.pid}`,
    seed: 'adapters',
    variant,
    config,
    takePort: async (purpose) => (ports[purpose] ??= await freePort()),
    directory,
    journal: noJournal,
    address: (name) => fixture(name).address(),
    call: (name, method, args, callSignal) => fixture(name).call(method, args, callSignal),
    note: (text) => void log.push(text),
    log: (line) => void log.push(line),
  };
  for (const name of [...full.services, 'links', 'target'] as const) {
    const make = name === 'links' || name === 'target' ? FACTORIES[name] : serviceSlot;
    const next = make({ ...context, name });
    for (const needed of next.needs) fixture(typeof needed === 'string' ? needed : needed.name);
    later(() => next.down());
    await next.up({ ...context, name }, signal);
    fixtures[name] = next;
  }
  return {
    fixtures,
    log,
    call: (name, method, ...args) => fixture(name).call(method, args, signal),
    address: (name) => fixture(name).address() as Record<string, string>,
    async snapshot() {
      for (const each of Object.values(fixtures)) await each.snapshot?.(signal);
    },
    async reset() {
      for (const each of Object.values(fixtures)) await each.reset(signal);
      for (const each of Object.values(fixtures)) await each.check(signal);
    },
  };
}

/** Body of a GET on its own connection. */
export async function ask(url: string | undefined): Promise<string> {
  return (await fetch(url ?? '', { headers: { connection: 'close' } })).text();
}

/** A target that needs only keys. */
export const JWKS: Partial<TargetConfig> = {
  services: ['jwks'],
  env: {
    JWKS_URL: '{jwks.url}',
    ISSUER: '{jwks.issuer}',
    AUDIENCE: '{jwks.audience}',
    POOL: '{connection_pool_size}',
    TIMEOUT: '{timeout_ms}',
    MODE: 'healthy',
  },
  variants: { 'never-refresh-keys': { MODE: 'broken', EXTRA: '{port}' } },
};
