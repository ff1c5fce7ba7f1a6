import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { markSecret, noJournal } from '@chaos/spec';

/** Options of {@link startLocalFleet}. */
export interface LocalFleetOptions {
  readonly agents: number;
  /** Tests at a time of each agent. */
  readonly slots: number;
  /** Default: Redis. */
  readonly store: 'redis' | 'postgres';
  /** The command of an agent, without options. */
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}

/** A store of ours and agents on this machine. Disposing ends all of them. */
export interface LocalFleet extends AsyncDisposable {
  readonly url: string;
  readonly key: string;
}

const STARTS_MS = 60_000;
/** An agent that is still there so long after the end of its run is killed. */
const ENDS_MS = 5_000;

/** Starts a store and agents that take part in one run. Agents get the key by their environment. */
export async function startLocalFleet(options: LocalFleetOptions): Promise<LocalFleet> {
  const { store, signal, agents, slots, command, cwd, env, log } = options;
  const directory = await mkdtemp(join(tmpdir(), 'chaos-fleet-'));
  await chmod(directory, 0o755);
  const remove = (): Promise<void> => rm(directory, { recursive: true, force: true });
  const server = await startStore(store, directory, signal).catch(async (error: unknown) => {
    await remove();
    throw error;
  });
  const key = randomBytes(32).toString('hex');
  markSecret(key);
  const children = Array.from({ length: agents }, (_, index) => {
    const name = `agent-${index + 1}`;
    const [program = process.execPath, ...args] = command;
    const child = spawn(program, [...args, '--name', name, '--slots', String(slots), '--once'], {
      cwd,
      env: { ...env, CHAOS_FLEET: server.url, CHAOS_FLEET_KEY: key },
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    child.on('error', (error) => log(`agent ${name}: ${error.message}`));
    forward(child, name, log);
    log(`agent ${name} pid ${child.pid}`);
    return child;
  });
  return {
    url: server.url,
    key,
    async [Symbol.asyncDispose]() {
      await Promise.all(children.map(endChild));
      await server[Symbol.asyncDispose]();
      await remove();
    },
  };
}

async function startStore(
  store: LocalFleetOptions['store'],
  directory: string,
  signal: AbortSignal,
): Promise<AsyncDisposable & { readonly url: string }> {
  const options = {
    port: await freePort(),
    directory,
    journal: noJournal,
    log: () => {},
    startTimeoutMs: STARTS_MS,
    signal,
  };
  if (store === 'postgres') return (await import('@chaos/services/postgres')).startPostgres(options);
  return (await import('@chaos/services/redis')).startRedis(options);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

// Standard input is their lifeline: it ends when this process does, however it ends.
async function endChild(child: ChildProcess): Promise<void> {
  child.stdin?.end();
  if (child.exitCode !== null || child.signalCode !== null) return;
  const timer = setTimeout(() => child.kill('SIGKILL'), ENDS_MS);
  await once(child, 'exit');
  clearTimeout(timer);
}

function forward(child: ChildProcess, name: string, log: (line: string) => void): void {
  let rest = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) log(`agent ${name}: ${line}`);
  });
}
