import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { ChaosError, isChaosError } from '@chaos/spec';
import { probeCapabilities } from '../kernel/probe-capabilities.js';
import { local, type Executor } from '../executors/executor.js';
import type { NetworkFault } from '../fault/network-fault.js';
import { plan } from '../plan/plan.js';
import { describePlan } from '../show/describe-plan.js';
import { describeClass, isSameClass } from '../show/same-class.js';
import { show } from '../show/show.js';
import type { ShownDevice } from '../show/shown-device.js';
import { expectation, type Expectation } from './expectation.js';
import { inRounds } from './in-rounds.js';
import { judge } from './judge.js';
import { probeBoth } from './probe.js';
import { TOLERANCE } from './verify.js';

/** Faults that act on the connections to a port of this network namespace's `lo`. */
export interface LoopbackOptions {
  /** All faults, each of which matches ports; an empty list means that the faults must be off. */
  readonly faults: readonly NetworkFault[];
  readonly port: number;
  /** Runs tc and nft here. Default: `local`. */
  readonly executor?: Executor;
  readonly signal?: AbortSignal;
}

/** Another loopback address, where nobody listens: a server on this port of 127.0.0.1 sees nothing of it. */
const HOST = '127.0.0.2';
const SILENCE_MS = 100;
const PATIENCE_MS = 250;
/** A rank test needs this many to tell a difference from chance. */
const FEWEST = 16;
const FEWEST_LOST = 80;
const MOST = 600;
/** All of this many handshakes pass an active fault by chance only once in a million times. */
const DECISIVE = 14;

/**
 * Measures whether faults of `lo` are on, or off again, without touching users of the port: handshakes with its own
 * listener at another loopback address alternate with handshakes to a port without faults. Effects that handshakes do
 * not show (rates, duplicates, reordering, corruption, slots, losses below 2.3 %), and effects that a busy machine
 * hides, are read back from the kernel.
 *
 * @throws ChaosError `FAULT_NOT_AS_PLANNED` with what was expected and what was measured; `FAULT_UNVERIFIED` where
 * neither method can tell
 */
export async function verifyLoopback({
  faults,
  port,
  executor = local,
  signal = new AbortController().signal,
}: LoopbackOptions): Promise<void> {
  const expected = expectation(faults, port);
  if (tells(expected)) await compareWithKernel(faults, executor, signal);
  const [server, control] = await Promise.all([listen(port), listen(0)]);
  const attempts = attemptsFor(expected, port, (control.address() as AddressInfo).port);
  try {
    await inRounds(
      async () => {
        const seen = await probeBoth(attempts);
        return { ...seen, judgement: judge({ expected, ...seen, concurrent: true, tolerance: TOLERANCE }) };
      },
      { port, expected, signal },
    );
  } catch (error) {
    if (!isChaosError(error, 'FAULT_UNVERIFIED')) throw error;
    // Asks the kernel what is in force. For faults that should be gone, its answer counts only if nothing is left at
    // all.
    const shown = await compareWithKernel(faults, executor, signal);
    if (faults.length === 0 && (shown.classes.length > 0 || lossesOf(shown).length > 0)) throw error;
  } finally {
    server.close();
    control.close();
  }
}

function attemptsFor({ cut, lossRatio, delayMs, jitterMs }: Expectation, port: number, controlPort: number) {
  return {
    host: HOST,
    port,
    controlPort,
    count: lossRatio === 0 ? FEWEST : Math.min(MOST, Math.max(FEWEST_LOST, Math.ceil(DECISIVE / lossRatio))),
    timeoutMs: cut ? SILENCE_MS : delayMs + 4 * jitterMs + PATIENCE_MS,
  };
}

async function compareWithKernel(
  faults: readonly NetworkFault[],
  executor: Executor,
  signal: AbortSignal,
): Promise<ShownDevice> {
  const shown = await show('lo', { executor, signal });
  const planned = plan({ device: 'lo', faults, lease: { kind: 'none' } }, await probeCapabilities(executor, signal));
  compare(shown, describePlan(planned));
  return shown;
}

function tells({ cut, rates, unseen, lossRatio }: Expectation): boolean {
  return (
    !cut &&
    (rates.to !== undefined ||
      rates.from !== undefined ||
      unseen.length > 0 ||
      (lossRatio > 0 && DECISIVE / lossRatio > MOST))
  );
}

// Retired classes may still drain, and their numbers depend on earlier faults.
function compare(shown: ShownDevice, planned: ShownDevice): void {
  const missing = [
    ...without(planned.classes, shown.classes, isSameClass).map(describeClass),
    ...without(lossesOf(planned), lossesOf(shown), (there, wanted) => there === wanted),
  ];
  if (missing.length === 0) return;
  const there = [...shown.classes.map(describeClass), ...lossesOf(shown)].join(', ') || 'nothing';
  throw new ChaosError(
    'FAULT_NOT_AS_PLANNED',
    `The kernel's network is not as planned: ${missing.join(', ')} is missing, there is ${there}`,
    { hint: 'Does somebody else change the qdiscs of lo?', data: { shown, planned } as never },
  );
}

function lossesOf({ rules }: ShownDevice): readonly string[] {
  return Object.values(rules)
    .flat()
    .filter((rule) => rule.startsWith('numgen') || rule === 'drop');
}

// Each class on the device may stand for only one planned class.
function without<T>(wanted: readonly T[], there: readonly T[], isSame: (there: T, wanted: T) => boolean): readonly T[] {
  const left = [...there];
  return wanted.filter((one) => {
    const at = left.findIndex((other) => isSame(other, one));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

async function listen(port: number): Promise<Server> {
  const server = createServer((socket) => socket.on('error', () => {}).resume()).listen({
    host: HOST,
    port,
    backlog: MOST,
  });
  await once(server, 'listening');
  return server;
}
