import {
  activeFault,
  checkProgram,
  defineService,
  locateProgram,
  programCapability,
  startProcess,
} from '@chaos/test/service';
import type { Fault, RunningService, ServiceContext, SlotProcess } from '@chaos/test/service';
import { createCache, type Cache } from './cache.js';

/** A Memcached of a slot. */
interface Memcached extends RunningService {
  readonly port: number;
  readonly cache: Cache;
  readonly process: SlotProcess;
}

const PROGRAM = {
  programs: ['memcached'],
  packages: ['memcached'],
  hint: 'Install memcached (apt-get install memcached, brew install memcached).',
} as const;

export default defineService({
  name: 'memcached',
  title: 'Memcached',
  protocols: { 'memcached:': 11211 },
  prepare: ({ signal }) => locateProgram({ ...PROGRAM, signal }),
  start,
  address: ({ port }) => ({ url: `memcached://127.0.0.1:${port}` }),
  faults: {
    kill: ({ process }) => process.kill(),
    stall: ({ process }) => process.stop(),
    /** All that is cached is gone, once; healing is a no-op. */
    evictAll,
  },
  faultNames: { kill: 'SIGKILL', stall: 'SIGSTOP', evictAll: 'evicts all' },
  methods: {
    /** The value that is cached for a key; `null` where none is. */
    get: async ({ cache }, signal, key: string) => (await cache.get(key, signal)) ?? null,
    keys: async ({ cache }, signal) => [...(await cache.dump(signal)).keys()],
  },
  capability: programCapability(PROGRAM),
  doctor: (options) => checkProgram({ ...PROGRAM, ...options }),
});

async function start(
  context: ServiceContext<Awaited<ReturnType<typeof locateProgram>>>,
  signal: AbortSignal,
): Promise<Memcached> {
  const port = await context.takePort('memcached');
  const cache = createCache(port);
  const process = await startProcess({
    title: 'Memcached',
    context,
    program: context.prepared,
    args: () => ['--listen=127.0.0.1', `--port=${port}`, '--udp-port=0', '--memory-limit=16'],
    port,
    probe: async (probing) => void (await cache.version(probing)),
    signal,
  });
  let remembered: ReadonlyMap<string, string> = new Map();
  return {
    port,
    cache,
    process,
    ready: (waiting) => process.ready(waiting),
    async snapshot(running) {
      remembered = await cache.dump(running);
    },
    async reset(running) {
      await cache.flush(running);
      for (const [key, value] of remembered) await cache.set(key, value, running);
      const found = await cache.dump(running);
      if (found.size !== remembered.size || [...remembered].some(([key, value]) => found.get(key) !== value))
        throw new Error(`Cannot reset Memcached: it has ${[...found.keys()].join(', ') || 'nothing'}`);
    },
    [Symbol.asyncDispose]: () => process[Symbol.asyncDispose](),
  };
}

function evictAll({ cache }: Memcached): Fault {
  return {
    name: 'evicts all',
    async inject(signal) {
      await cache.flush(signal);
      return activeFault(async () => {});
    },
  };
}
