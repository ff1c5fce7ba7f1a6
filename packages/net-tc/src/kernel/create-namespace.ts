import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { probeNamespace, USER_NAMESPACE } from '@chaos/env';
import { CapabilityMissing } from '@chaos/spec';
import { local, namespaceOf, type Executor } from '../executors/executor.js';
import { currentNamespace } from './current-namespace.js';
import { attemptThrough } from './attempt-through.js';
import { runCommand } from './run-command.js';

/** A network namespace of our own with nothing in it but `lo`. */
export interface Namespace extends AsyncDisposable {
  /** The process that holds it: the kernel removes it, and all faults in it, with the last process inside. */
  readonly pid: number;
  readonly executor: Executor;
}

/**
 * Makes a network namespace, as root or, where user namespaces are allowed, as anybody. It ends with this process,
 * however that dies.
 * @throws CapabilityMissing where neither is possible
 */
export async function createNamespace(signal: AbortSignal = new AbortController().signal): Promise<Namespace> {
  const { argv, failure } = await probeNamespace(attemptThrough(local, signal));
  if (argv === undefined) throw missing(failure);
  const [program, ...words] = argv;
  // The kernel closes this end of the pipe when this process dies, and then `cat` ends.
  const holder = spawn(program, [...words, 'cat'], { stdio: ['pipe', 'ignore', 'pipe'] });
  const end = async (): Promise<void> => await stop(holder);
  try {
    const pid = await inside(holder, signal);
    const executor = namespaceOf(pid, { ownUser: argv === USER_NAMESPACE });
    await runCommand(executor, { argv: ['ip', 'link', 'set', 'dev', 'lo', 'up'] }, signal);
    return { pid, executor, [Symbol.asyncDispose]: end };
  } catch (error) {
    await end();
    throw error;
  }
}

async function inside(holder: ChildProcess, signal: AbortSignal): Promise<number> {
  let said = '';
  holder.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
  const failed = new Promise<never>((_, reject) => {
    const fail = (reason: string): void => reject(missing(reason));
    holder.once('error', (error) => fail(error.message));
    holder.once('exit', (code) => fail(said.trim() || `unshare ended with ${code}`));
  });
  const entered = (async () => {
    while (holder.pid === undefined || [null, currentNamespace()].includes(currentNamespace(holder.pid)))
      await delay(2, undefined, { signal });
    return holder.pid;
  })();
  failed.catch(() => {});
  return await Promise.race([entered, failed]);
}

function missing(reason: string): CapabilityMissing {
  return new CapabilityMissing('network namespaces', reason, {
    hint: 'Install util-linux 2.36 or later, allow user namespaces (chaos env says how), or run as root.',
  });
}

async function stop(holder: ChildProcess): Promise<void> {
  if (holder.pid === undefined || holder.exitCode !== null || holder.signalCode !== null) return;
  const exit = once(holder, 'exit');
  holder.kill('SIGKILL');
  await exit;
}
