import { parentPort, workerData } from 'node:worker_threads';
import { HostReader, type HostCounters } from './readings/host-counters.js';
import { kernelUnits } from './readings/kernel-units.js';
import { ProcessTrees } from './readings/process-trees.js';
import { SampleRing, type RingMemory } from './sample-ring.js';
import { HOST_SCOPE, type SamplerCommand, type SamplerReady } from './sampler-messages.js';

// The monitor's thread: it shares no event loop with the code that it watches, so that a blocked one does not blind it.

const { memory, intervalMs } = workerData as { memory: RingMemory; intervalMs: number };
const ring = new SampleRing(memory);
const host = new HostReader();
const trees = new ProcessTrees();
let before: HostCounters = snapshot();
let beforeMs = performance.now();

function snapshot(): HostCounters {
  const counters = host.read();
  return { ...counters, pressureUs: { ...counters.pressureUs } };
}

function pressure(now: HostCounters, resource: 'cpu' | 'memory' | 'io', elapsedMs: number): number | undefined {
  const [last, next] = [before.pressureUs[resource], now.pressureUs[resource]];
  return last === undefined || next === undefined ? undefined : Math.min(1, (next - last) / 1000 / elapsedMs);
}

function sample(): void {
  const nowMs = performance.now();
  const figures = trees.read();
  const now = snapshot();
  // Uses the runner's clock: if the system clock is set back, samples stay in order.
  const timeMs = performance.timeOrigin + performance.now();
  const elapsedMs = nowMs - beforeMs;
  const cpusOf = (ticks: number): number => (ticks / kernelUnits.ticksPerSecond) * (1000 / elapsedMs);
  let ours = 0;
  for (const [scope, { cpuTicks, queuedMs, ...rest }] of figures) {
    ours += cpuTicks;
    const runQueueWait = queuedMs === undefined ? undefined : queuedMs / elapsedMs;
    ring.write({ scope, timeMs, cpus: cpusOf(cpuTicks), runQueueWait, ...rest, ...ring.takeLoop(scope) });
  }
  const periods = now.periods - before.periods;
  const busy = now.busyTicks - before.busyTicks;
  ring.write({
    scope: HOST_SCOPE,
    timeMs,
    cpus: cpusOf(busy),
    memoryBytes: now.usedBytes,
    othersCpus: Math.max(0, cpusOf(busy - ours)),
    stealRatio: Math.min(1, cpusOf(now.stealTicks - before.stealTicks) / host.cpus.size),
    throttledRatio:
      now.periods === 0 ? undefined : periods === 0 ? 0 : (now.throttledPeriods - before.throttledPeriods) / periods,
    pressureCpu: pressure(now, 'cpu', elapsedMs),
    pressureMemory: pressure(now, 'memory', elapsedMs),
    pressureIo: pressure(now, 'io', elapsedMs),
    memoryRatio: now.memoryRatio,
  });
  before = now;
  beforeMs = nowMs;
  if (ring.announce()) parentPort?.postMessage('samples');
}

parentPort?.on('message', (command: SamplerCommand) => {
  if (command.type === 'watch') trees.watch(command.scope, command.pid);
  else trees.unwatch(command.scope);
});

let nextMs = performance.now() + intervalMs;
function loop(): void {
  sample();
  // Late under load: keep the rhythm and skip missed samples.
  nextMs = Math.max(nextMs + intervalMs, performance.now() + intervalMs / 4);
  setTimeout(loop, nextMs - performance.now());
}
setTimeout(loop, intervalMs);
parentPort?.postMessage({ cpus: host.cpus.size } satisfies SamplerReady);
