import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createNamespace, type Namespace } from './apply/create-namespace.js';
import { runCommand } from './apply/run-command.js';
import { commandThrough, type Executor } from './executors/executor.js';

/** What came of datagrams: arrivals in their order, each with its number, its delay in ms, and whether it is what was sent. */
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
  datagrams(options: DatagramOptions): Promise<Datagrams>;
  connects(options: { readonly port: number; readonly host?: string; readonly count?: number; readonly timeoutMs?: number; readonly listen?: boolean }): Promise<readonly (number | string)[]>;
  stream(options: { readonly port: number; readonly host?: string; readonly bytes: number }): Promise<{ readonly received: number; readonly right: boolean; readonly ms: number }>;
}

/** A namespace of its own with traffic in it. */
export interface Laboratory extends AsyncDisposable, Agent {
  readonly namespace: Namespace;
  readonly executor: Executor;
  /** Runs a command inside; its standard output. */
  run(...argv: [string, ...string[]]): Promise<string>;
}

/** Makes a namespace and starts the agent in it. */
export async function openLaboratory(): Promise<Laboratory> {
  const namespace = await createNamespace();
  const { executor } = namespace;
  const [program, ...words] = commandThrough(executor, [process.execPath, fileURLToPath(new URL('../test/agent.mjs', import.meta.url))]);
  const child = spawn(program, words, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: [] } as never);
  await once(child, 'message');
  let last = 0;
  const ask = async (operation: string, options: object): Promise<never> => {
    const id = ++last;
    child.send({ id, operation, options });
    for (;;) {
      const [answer] = (await once(child, 'message')) as [{ readonly id: number; readonly value: never; readonly error?: string }];
      if (answer.id !== id) continue;
      if (answer.error !== undefined) throw new Error(answer.error);
      return answer.value;
    }
  };
  return {
    namespace,
    executor,
    run: (...argv) => runCommand(executor, { argv }, AbortSignal.timeout(10_000)),
    datagrams: (options) => ask('datagrams', options),
    connects: (options) => ask('connects', options),
    stream: (options) => ask('stream', options),
    async [Symbol.asyncDispose]() {
      const exit = once(child, 'exit');
      child.disconnect();
      await exit;
      await namespace[Symbol.asyncDispose]();
    },
  };
}

/** Of what was sent: the share that never arrived. */
export function lossOf({ sent, arrivals }: Datagrams): number {
  return 1 - new Set(arrivals.map(([number]) => number)).size / sent;
}

/** Mean and standard deviation. */
export function momentsOf(values: readonly number[]): { readonly mean: number; readonly deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, deviation: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)) };
}
