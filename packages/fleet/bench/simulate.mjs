// A coordinator and agents whose tests take no time, on a real queue: what is left is the bookkeeping. Prints JSON.
import { FleetRemote, runAgent } from '@chaos/fleet';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStore } from './store.mjs';

const [kind = 'redis', count = '100000', agents = '4'] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'fleet-simulate-'));
const file = join(folder, 'a.chaos.ts');
writeFileSync(file, '');
const key = 'a key that only this benchmark knows';
const tests = Array.from({ length: Number(count) }, (_, index) => ({
  id: `t${index}`,
  title: `t${index}`,
  titlePath: [`t${index}`],
  location: { file, line: index + 1, column: 1 },
  project: '',
  category: '.',
  tags: [],
  annotations: [],
  catches: [],
  requires: [],
  locks: [],
  expectedStatus: 'passed',
  timeoutMs: 1_000,
  retries: 0,
}));
const attemptOf = (testId) => ({
  testId,
  retry: 0,
  status: 'passed',
  startMs: Date.now(),
  durationMs: 0,
  workerIndex: 0,
  parallelIndex: 0,
  seed: 's',
  errors: [],
  steps: [],
  attachments: [],
  annotations: [],
  stdout: [],
  stderr: [],
  phases: [{ name: 'body', durationMs: 0 }],
  faults: [],
  recoveries: [],
  loads: [],
});

/** A runner that says of every test that it passed. */
const simulatedRunner = ({ feed, reporters: [reporter] }) => ({
  stop: async () => {},
  async run() {
    for (let unit = await feed.next(); unit; unit = await feed.next()) {
      for (const testId of unit.ids) {
        reporter.onEvent({
          type: 'test-start',
          testId,
          retry: 0,
          workerIndex: 0,
          parallelIndex: 0,
          timeMs: Date.now(),
        });
        reporter.onEvent({ type: 'test-end', attempt: attemptOf(testId), outcome: 'expected' });
      }
      unit.done();
      await new Promise(setImmediate);
    }
  },
});

const store = await startStore(kind);
const ended = new AbortController();
const config = { rootDir: folder, monitor: { policy: 'ignore' }, runner: { projects: [] } };
const agentRuns = Array.from({ length: Number(agents) }, (_, index) =>
  runAgent({
    url: store.url,
    key,
    name: `a${index}`,
    slots: 1,
    labels: {},
    cwd: folder,
    version: '0',
    once: true,
    signal: ended.signal,
    log: () => {},
    createRunner: simulatedRunner,
    calibrate: async () => ({}),
    checkout: async () => ({ config, layers: {}, capabilities: [] }),
  }),
);
const done = new Set();
const memoryMb = [];
const remote = new FleetRemote({
  url: store.url,
  key,
  version: '0',
  rootDir: folder,
  outputDir: folder,
  layers: {},
  settings: { argv: [], overrides: {}, seed: 's', faults: true, preserveOutput: 'never' },
  leaseMs: 30_000,
  patienceMs: 60_000,
  log: () => {},
});
const start = performance.now();
await remote.open({
  runId: remote.runId,
  plan: { tests, slotFixtures: {} },
  signal: ended.signal,
  accept(event) {
    if (event.type !== 'test-end') return true;
    const { testId } = event.attempt;
    if (done.has(testId)) throw new Error(`${testId} ended twice`);
    done.add(testId);
    if (done.size % 10_000 === 0) memoryMb.push(Math.round(process.memoryUsage().rss / 2 ** 20));
    return true;
  },
  isDone: (testId) => done.has(testId),
  skip: (testId, reason) => {
    throw new Error(`${testId}: ${reason}`);
  },
  error: ({ message }) => {
    throw new Error(message);
  },
});
const chain = ({ id }) => ({ file, ids: [id], serial: false, durationMs: 0, exclusive: [], shared: [], requires: [] });
await remote.run(tests.map(chain));
const seconds = (performance.now() - start) / 1000;
await remote.close();
await Promise.all(agentRuns);
rmSync(folder, { recursive: true });
console.log(
  JSON.stringify({
    kind,
    tests: done.size,
    agents: Number(agents),
    seconds,
    testsPerSecond: done.size / seconds,
    memoryMb,
  }),
);
await store[Symbol.asyncDispose]();
process.exit(0);
