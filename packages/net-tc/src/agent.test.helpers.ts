import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createNamespace, type Namespace } from './kernel/create-namespace.js';
import { runCommand, tryCommand } from './kernel/run-command.js';
import { openShaper, type Shaper } from './apply/shaper.js';
import { commandThrough, type Executor } from './executors/executor.js';
import type { NetworkFault } from './fault/network-fault.js';

/**
 * Result of sending datagrams: arrivals in order, each with its sequence number, its delay in ms, and whether its bytes
 * are intact.
 */
export interface Datagrams {
  readonly sent: number;
  readonly errors: number;
  readonly arrivals: readonly (readonly [number, number, boolean])[];
}

interface DatagramOptions {
  readonly port: number;
  readonly host?: string;
  readonly sourcePort?: number;
  readonly count: number;
  readonly intervalMs?: number;
  readonly perTick?: number;
  readonly bytes?: number;
  readonly waitMs?: number;
}

/** Real traffic in a namespace (test/agent.mjs). */
export interface Agent {
  serve(options: { readonly port: number }): Promise<boolean>;
  /**
   * Median lateness of 1 ms timers in this namespace, ms. A kernel with a coarse clock releases queued packets equally
   * late.
   */
  lateness(): Promise<number>;
  datagrams(options: DatagramOptions): Promise<Datagrams>;
  connects(options: {
    readonly port: number;
    readonly host?: string;
    readonly count?: number;
    readonly timeoutMs?: number;
    readonly listen?: boolean;
  }): Promise<readonly (number | string)[]>;
  stream(options: {
    readonly port: number;
    readonly host?: string;
    readonly bytes: number;
  }): Promise<{ readonly received: number; readonly right: boolean; readonly ms: number }>;
  /** The problem that `verifyLoopback` reports in the namespace, or null. */
  verified(options: { readonly faults: readonly NetworkFault[]; readonly port: number }): Promise<string | null>;
}

/** A namespace of its own with traffic in it. */
export interface Laboratory extends AsyncDisposable, Agent {
  readonly namespace: Namespace;
  readonly executor: Executor;
  /** Runs a command inside; its standard output. */
  run(...argv: [string, ...string[]]): Promise<string>;
  /** Tables, qdiscs, devices and filters that a bare namespace would not have. */
  leftovers(): Promise<string>;
}

/** A laboratory with faults on its loopback device. */
export interface BrokenLaboratory extends Laboratory {
  readonly shaper: Shaper;
}

/** Makes a namespace and starts the agent in it. */
export async function openLaboratory(): Promise<Laboratory> {
  const namespace = await createNamespace();
  const { executor } = namespace;
  const [program, ...words] = commandThrough(executor, [
    process.execPath,
    fileURLToPath(new URL('../test/agent.mjs', import.meta.url)),
  ]);
  const child = spawn(program, words, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: [] } as never);
  await once(child, 'message');
  let last = 0;
  const ask = async (operation: string, options: object): Promise<never> => {
    const id = ++last;
    child.send({ id, operation, options });
    for (;;) {
      const [answer] = (await once(child, 'message')) as [
        { readonly id: number; readonly value: never; readonly error?: string },
      ];
      if (answer.id !== id) continue;
      if (answer.error !== undefined) throw new Error(answer.error);
      return answer.value;
    }
  };
  const seen = async (...argv: [string, ...string[]]): Promise<string> =>
    (await tryCommand(executor, { argv }, AbortSignal.timeout(10_000))).stdout;
  return {
    namespace,
    executor,
    run: (...argv) => runCommand(executor, { argv }, AbortSignal.timeout(10_000)),
    async leftovers() {
      const qdiscs = (await seen('tc', 'qdisc', 'show')).replace(/^qdisc noqueue 0: dev lo root refcnt \d+\s*$/, '');
      const devices = (await seen('ip', '-o', 'link')).replace(/^1: lo: [^\n]*$/, '');
      return [await seen('nft', 'list', 'tables'), qdiscs, devices, await seen('tc', 'filter', 'show', 'dev', 'lo')]
        .filter((text) => text !== '')
        .join('\n');
    },
    serve: (options) => ask('serve', options),
    lateness: () => ask('lateness', {}),
    datagrams: (options) => ask('datagrams', options),
    connects: (options) => ask('connects', options),
    stream: (options) => ask('stream', options),
    verified: (options) => ask('verified', options),
    async [Symbol.asyncDispose]() {
      const exit = once(child, 'exit');
      child.disconnect();
      await exit;
      await namespace[Symbol.asyncDispose]();
    },
  };
}

/** The same, with a shaper of its loopback device. */
export async function openBrokenLaboratory(): Promise<BrokenLaboratory> {
  const lab = await openLaboratory();
  const shaper = await openShaper({ device: 'lo', executor: lab.executor });
  return {
    ...lab,
    shaper,
    async [Symbol.asyncDispose]() {
      await shaper[Symbol.asyncDispose]();
      await lab[Symbol.asyncDispose]();
    },
  };
}

/** Share of the sent datagrams that never arrived. */
export function lossOf({ sent, arrivals }: Datagrams): number {
  return 1 - new Set(arrivals.map(([number]) => number)).size / sent;
}

type Arrivals = Datagrams['arrivals'];

/** Mean delay. */
export function meanMs(arrivals: Arrivals): number {
  return arrivals.reduce((sum, [, ms]) => sum + ms, 0) / arrivals.length;
}

/** Median delay: a few datagrams that a busy machine holds up do not change it. */
export function medianMs(arrivals: Arrivals): number {
  return arrivals.map(([, ms]) => ms).sort((a, b) => a - b)[Math.floor(arrivals.length / 2)] ?? Number.NaN;
}

/**
 * Standard deviation of a normally distributed delay, computed from its quartiles: a machine that pauses now and then
 * does not widen them.
 */
export function deviationMs(arrivals: Arrivals): number {
  const sorted = arrivals.map(([, ms]) => ms).sort((a, b) => a - b);
  const quartile = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  return (quartile(0.75) - quartile(0.25)) / 1.349;
}

/** Number of datagrams that arrived after one that was sent later. */
export function overtaken(arrivals: Arrivals): number {
  let highest = -1;
  let count = 0;
  for (const [number] of arrivals) {
    if (number < highest) count++;
    highest = Math.max(highest, number);
  }
  return count;
}

/** Mean length of the runs of lost datagrams. */
export function meanBurst({ sent, arrivals }: Datagrams): number {
  const arrived = new Set(arrivals.map(([number]) => number));
  const lost = Array.from({ length: sent }, (_, number) => !arrived.has(number));
  return lost.filter(Boolean).length / lost.filter((one, index) => one && lost[index - 1] !== true).length;
}
