import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { ChaosError, isChaosError } from '@chaos/spec';
import { probeCapabilities } from '../apply/probe-capabilities.js';
import type { NetworkFault } from '../fault/network-fault.js';
import { plan } from '../plan/plan.js';
import { describePlan } from '../show/describe-plan.js';
import { describeClass, isSameClass } from '../show/same-class.js';
import { show } from '../show/show.js';
import type { ShownDevice } from '../show/shown-device.js';
import { expectation, type Expectation } from './expectation.js';
import { probe } from './probe.js';
import { verify } from './verify.js';

/** What acts on the connections to a port of this network namespace's `lo`. */
export interface LoopbackOptions {
  /** All of them, each matching ports; none: that they are off. */
  readonly faults: readonly NetworkFault[];
  readonly port: number;
  readonly signal?: AbortSignal;
}

/** Loopback too, but nobody listens there: whoever has the port at 127.0.0.1 sees nothing of it. */
const HOST = '127.0.0.2';
/** What a busy machine does to a few handshakes happens to them again, but not to three rounds of them. */
const ROUNDS = 3;
const SILENCE_MS = 100;
const PATIENCE_MS = 250;
const FEWEST = 8;
const FEWEST_LOST = 80;
const MOST = 600;
/** That all of so many handshakes pass a fault that is on happens once in a million times. */
const DECISIVE = 14;

/**
 * Measures whether faults of `lo` are on, or off again, without a trace for whoever uses the port: handshakes with a
 * listener of its own at another loopback address, beside a port that no fault is about. What they do not show (rates,
 * duplicates, reordering, flipped bits, slots, losses below 2.3 %) is read back from the kernel.
 *
 * @throws ChaosError `FAULT_NOT_AS_PLANNED` with what was expected and what was measured
 */
export async function verifyLoopback({
  faults,
  port,
  signal = new AbortController().signal,
}: LoopbackOptions): Promise<void> {
  const expected = expectation(faults, port);
  if (tells(expected))
    compare(
      await show('lo', { signal }),
      describePlan(plan({ device: 'lo', faults, lease: { kind: 'none' } }, await probeCapabilities())),
    );
  const [server, control] = await Promise.all([listen(port), listen(0)]);
  try {
    for (let round = 1; ; round++) {
      signal.throwIfAborted();
      try {
        return await measure(faults, expected, port, (control.address() as AddressInfo).port);
      } catch (error) {
        if (round === ROUNDS || !isChaosError(error, 'FAULT_NOT_AS_PLANNED')) throw error;
      }
    }
  } finally {
    server.close();
    control.close();
  }
}

async function measure(
  faults: readonly NetworkFault[],
  { cut, lossRatio, delayMs, jitterMs }: Expectation,
  port: number,
  controlPort: number,
): Promise<void> {
  const count = lossRatio === 0 ? FEWEST : Math.min(MOST, Math.max(FEWEST_LOST, Math.ceil(DECISIVE / lossRatio)));
  const baseline = await probe({ host: HOST, port: controlPort, count: FEWEST });
  await verify({
    faults,
    baseline,
    host: HOST,
    port,
    count,
    timeoutMs: cut ? SILENCE_MS : delayMs + 4 * jitterMs + PATIENCE_MS,
  });
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

// Classes that still drain may be there as well, and their numbers depend on what was before.
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
    .filter((rule) => rule.startsWith('numgen'));
}

// Each one that is there stands for one that is wanted.
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
