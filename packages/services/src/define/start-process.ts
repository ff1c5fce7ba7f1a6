import { mkdir, rm, chmod, chown } from 'node:fs/promises';
import { join } from 'node:path';
import { assertReachable, serviceAccount, type Program } from '@chaos/programs';
import { abortWithin, ChaosError, EnvironmentError, type Fault, type ServiceContext } from '@chaos/spec';
import { assertPortFree } from '../process/assert-port-free.js';
import { endProcess } from '../process/end-process.js';
import { spawnService, type ServiceProcess } from '../process/spawn-service.js';
import { supervise } from '../process/supervisor.js';
import { waitUntilReady } from '../process/wait-until-ready.js';

/** Options of {@link startProcess}. */
export interface StartProcessOptions {
  /** For people: `Memcached`. */
  readonly title: string;
  readonly context: Pick<ServiceContext, 'directory' | 'journal' | 'log' | 'startTimeoutMs'>;
  /** As `locateProgram()` finds it. */
  readonly program: Program;
  /** Its arguments, given its working folder, which is its own and removed at the end. */
  readonly args: (folder: string) => readonly string[];
  /** On top of `PATH` and `LC_ALL`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Port on 127.0.0.1 that it listens on; refused if another process uses it. */
  readonly port: number;
  /** Resolves when it answers as it must; called again and again until then. */
  readonly probe: (signal: AbortSignal) => Promise<void>;
  /** Only for starting. */
  readonly signal: AbortSignal;
}

/** A program that serves a slot. Disposing ends it, with all that it started; twice is harmless. */
export interface SlotProcess extends AsyncDisposable {
  /** `undefined` while it is down. */
  readonly pid: number | undefined;
  /** Rejects where it is down, or does not answer the probe. */
  ready(signal: AbortSignal): Promise<void>;
  /** The last lines of its output. */
  logTail(lines?: number): string;
  /** SIGKILL; healing starts it again on the same port. */
  kill(): Fault;
  /** SIGSTOP: connections hang; healing sends SIGCONT. */
  stop(): Fault;
  /** Injecting ends it with SIGTERM; healing starts it again. */
  restart(): Fault;
}

/**
 * Starts a program as a service of a slot and watches over it: it dies with the slot, however that dies; as root it
 * runs as `nobody`.
 *
 * @throws EnvironmentError where the port is taken, the program cannot be run, or it is not ready in time, with the end
 *   of its log
 */
export async function startProcess(options: StartProcessOptions): Promise<SlotProcess> {
  const { title, context, port, probe, signal } = options;
  await assertPortFree(port, title);
  const folder = await makeFolder(options);
  let supervisor: Awaited<ReturnType<typeof supervise>>;
  try {
    supervisor = await supervise((starting) => start(options, folder.path, starting), signal);
  } catch (error) {
    await folder[Symbol.asyncDispose]();
    throw error;
  }
  const { current, outage, pause } = supervisor;
  return {
    get pid() {
      return current().alive() ? current().pid : undefined;
    },
    async ready(waiting) {
      if (!current().alive())
        throw new ChaosError('SERVICE_DOWN', `Cannot use ${title}: its process has ended\n${current().logTail(20)}`, {
          data: { log: current().logTail(20) },
        });
      using within = abortWithin(waiting, context.startTimeoutMs);
      await probe(within);
    },
    logTail: (lines) => current().logTail(lines),
    kill: () => outage(`${title} SIGKILL`, async (running) => void running.kill('SIGKILL')),
    stop: () => pause(`${title} SIGSTOP`),
    restart: () => outage(`${title} restart`, (running) => endProcess(running, 'SIGTERM')),
    async [Symbol.asyncDispose]() {
      await supervisor.down();
      await folder[Symbol.asyncDispose]();
    },
  };
}

async function start(options: StartProcessOptions, cwd: string, signal: AbortSignal): Promise<ServiceProcess> {
  const { title, context, program, args, env, probe } = options;
  const { executable, libraryFolders } = program;
  const server = await spawnService({
    argv: [executable, ...args(cwd)],
    env: {
      PATH: process.env['PATH'],
      LC_ALL: 'C',
      ...(libraryFolders.length > 0 && { LD_LIBRARY_PATH: libraryFolders.join(':') }),
      ...env,
    },
    cwd,
    ...serviceAccount(),
    journal: context.journal,
    what: title,
    log: context.log,
    signal,
    deathSignal: 'SIGKILL',
  });
  try {
    await waitUntilReady({ what: title, process: server, probe, timeoutMs: context.startTimeoutMs, signal });
    return server;
  } catch (error) {
    await server.killTree();
    throw error;
  }
}

// Two services of a slot may share its folder.
async function makeFolder({
  title,
  context: { directory, journal },
  port,
}: StartProcessOptions): Promise<AsyncDisposable & { readonly path: string }> {
  const path = join(directory, `process-${port}`);
  const account = serviceAccount();
  const entry = journal.record({ kind: 'remove', path }, `working folder of ${title}`);
  const remove = async (): Promise<void> => {
    await rm(path, { recursive: true, force: true });
    entry.settle();
  };
  try {
    await mkdir(path, { mode: 0o700 });
    await chmod(path, 0o700);
    if (account !== undefined) await chown(path, account.uid, account.gid);
    assertReachable(directory, account, 'Use a folder that every user may enter, such as one in /tmp.');
  } catch (cause) {
    await remove();
    if (cause instanceof EnvironmentError) throw cause;
    throw new EnvironmentError(
      `Cannot create the working folder of ${title}: current value is ${path} (${(cause as Error).message})`,
      { cause },
    );
  }
  return { path, [Symbol.asyncDispose]: remove };
}
