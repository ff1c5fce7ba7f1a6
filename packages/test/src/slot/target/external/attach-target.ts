import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { ExpectedExit, TargetProcess } from '@chaos/services/target';
import {
  abortWithin,
  activeFault,
  ChaosError,
  EnvironmentError,
  type ActiveFault,
  type ExternalTarget,
  type Fault,
  type Incident,
  type Journal,
  type Json,
} from '@chaos/spec';
import { commandOf, logCommandOf, stopCommandOf, whyNot, type ExternalVerb } from './external-place.js';
import { stateOf, type ExternalState } from './external-state.js';
import { runThere } from './run-there.js';
import type { ExternalUndo } from './undo-external.js';

/** A program under test, whoever started it. */
export interface ProgramProcess extends Omit<TargetProcess, 'pid' | 'alive' | 'logTail' | 'ended'> {
  /** As this machine counts; `undefined` where it is elsewhere, or not known. */
  readonly pid: number | undefined;
  alive(): boolean | Promise<boolean>;
  logTail(lines?: number): string | Promise<string>;
  ended(): ReturnType<TargetProcess['ended']>;
}

/** Options of {@link attachTarget}. */
export interface AttachOptions {
  /** Its name in messages. */
  readonly title: string;
  readonly external: ExternalTarget;
  /** Looks once whether it is ready; says what it saw instead. */
  readonly probe: (signal: AbortSignal) => Promise<{ readonly ready: boolean; readonly answer: string }>;
  /** Called when it is ready again after chaos had it started: the links in front of it may still refuse. */
  readonly onReadyAgain: (signal: AbortSignal) => Promise<void>;
  /** Time for it to be ready, ms. */
  readonly timeoutMs: number;
  readonly journal: Journal;
  readonly signal: AbortSignal;
}

const INTERVAL_MS = 50;
const LOG_LINES = 30;
/** A container is paused, started or killed within this time, ms, or its daemon does not answer. */
const CHANGE_MS = 30_000;

/**
 * Attaches to a program that runs already, and waits until it is ready. A container that has ended, as one that a test
 * let die, is started.
 *
 * @throws EnvironmentError where it is not ready in time, or its place does not answer
 */
export async function attachTarget(options: AttachOptions): Promise<ProgramProcess> {
  const { external, timeoutMs, signal } = options;
  let state = await stateOf(external, signal);
  const start = commandOf(external, 'start');
  const isStarted = !state.alive && start !== undefined;
  if (isStarted) {
    await runThere(external, start, signal);
    state = await stateOf(external, signal);
  }
  if (!state.alive)
    throw new EnvironmentError(`Cannot attach to the ${options.title}: ${placeOf(external)} does not run`);
  const attached = new AttachedTarget(options, state);
  await attached.ready(timeoutMs, signal);
  if (isStarted) await options.onReadyAgain(signal);
  return attached;
}

class AttachedTarget implements ProgramProcess {
  readonly url: string;
  readonly #options: AttachOptions;
  readonly #undo = new Set<() => Promise<void>>();
  #known: ExternalState;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: AttachOptions, known: ExternalState) {
    this.url = options.external.url;
    this.#options = options;
    this.#known = known;
  }

  get pid(): number | undefined {
    return this.#known.pid;
  }

  async alive(): Promise<boolean> {
    return (await this.#look()).alive;
  }

  async logTail(lines: number = LOG_LINES): Promise<string> {
    const { external } = this.#options;
    const command = logCommandOf(external, lines);
    if (command === undefined) return '';
    return (await runThere(external, command, AbortSignal.timeout(CHANGE_MS))).trimEnd();
  }

  // To look there costs a command each time, and the incidents after the test tell the same.
  ended(): readonly [] {
    return [];
  }

  async incidents(): Promise<readonly Incident[]> {
    await this.#last.catch(() => undefined);
    const before = this.#known;
    const now = await this.#look();
    this.#known = now;
    const { title } = this.#options;
    const isSame = before.start === now.start;
    if (!before.alive || (now.alive && isSame)) return [];
    const code = now.code === undefined ? '' : ` with code ${now.code}`;
    const what = now.alive ? `${title} was started again by somebody else` : `${title} exited${code}`;
    const hint = `It runs as ${placeOf(this.#options.external)}; chaos did not start it.`;
    return [{ code: 'TARGET_EXITED', what, atMs: Date.now(), detail: await this.logTail(), hint }];
  }

  async expectExit(
    { code, timeoutMs }: ExpectedExit,
    signal: AbortSignal,
  ): Promise<{ code: number | null; signal: null }> {
    const { title } = this.#options;
    this.#command('start', 'expect the end of');
    const giveUpMs = performance.now() + timeoutMs;
    for (let now = await this.#look(); now.alive; now = await this.#look()) {
      if (performance.now() >= giveUpMs)
        throw new ChaosError('EXIT_MISSING', `The ${title} was to exit within ${timeoutMs} ms, and still runs`);
      await wait(INTERVAL_MS, undefined, { signal });
    }
    this.#known = await this.#look();
    const exit = this.#known.code ?? null;
    if (code === undefined || code === exit) return { code: exit, signal: null };
    throw new ChaosError('EXIT_MISSING', `The ${title} was to exit with code ${code}, and exited with code ${exit}`);
  }

  async ready(timeoutMs: number, signal: AbortSignal): Promise<void> {
    const { title, external, probe } = this.#options;
    const giveUpMs = performance.now() + timeoutMs;
    for (;;) {
      using within = abortWithin(signal, timeoutMs);
      const { ready, answer } = await probe(within);
      if (ready) return;
      signal.throwIfAborted();
      if (performance.now() >= giveUpMs)
        throw new EnvironmentError(
          `Cannot get the ${title} ready within ${timeoutMs} ms: the last answer of ${external.url} is ${answer}`,
          { hint: `It runs as ${placeOf(external)}; chaos did not start it.` },
        );
      await wait(INTERVAL_MS, undefined, { signal });
    }
  }

  async restart(signal: AbortSignal, env?: Readonly<Record<string, string>>): Promise<void> {
    const { external, title } = this.#options;
    if (env !== undefined) throw refusal(title, 'start', 'with another environment', whyNot(external, 'change'));
    await this.#change('restart', signal);
    await this.#isUp(signal);
  }

  async shutdown(timeoutMs: number, signal: AbortSignal): Promise<{ code: number | null; signal: null }> {
    const { external, title } = this.#options;
    const command = stopCommandOf(external, Math.ceil(timeoutMs / 1000));
    if (command === undefined) throw refusal(title, 'shut down', '', whyNot(external, 'stop'));
    await this.#exclusive(async () => void (await runThere(external, command, signal)));
    this.#known = await this.#look();
    return { code: this.#known.code ?? null, signal: null };
  }

  end(): Promise<void> {
    return this.#change('kill', AbortSignal.timeout(CHANGE_MS));
  }

  kill(): Fault {
    return this.#fault('SIGKILL', { verb: 'kill', undo: 'start' });
  }

  stop(): Fault {
    return this.#fault('SIGSTOP', { verb: 'pause', undo: 'resume' });
  }

  // Faults that a test left behind do not end with the slot, as they do where the program ends with it.
  async [Symbol.asyncDispose](): Promise<void> {
    for (const undo of [...this.#undo].reverse()) await undo();
  }

  #fault(
    name: string,
    { verb, undo: back }: { readonly verb: 'kill' | 'pause'; readonly undo: ExternalUndo['verb'] },
  ): Fault {
    const { external, journal, title } = this.#options;
    const inject = async (signal: AbortSignal): Promise<ActiveFault> => {
      this.#command(verb, 'break');
      const entry = journal.record(undoRecipe({ verb: back, external }), `${title} ${name}`);
      const undo = async (): Promise<void> => {
        if (!this.#undo.delete(undo)) return;
        await this.#change(back, AbortSignal.timeout(CHANGE_MS));
        entry.settle();
        if (back === 'start') await this.#isUp(AbortSignal.timeout(this.#options.timeoutMs));
      };
      this.#undo.add(undo);
      try {
        await this.#change(verb, signal);
      } catch (error) {
        await undo().catch(() => undefined);
        throw error;
      }
      if (verb === 'kill') this.#known = await this.#look();
      return activeFault(undo);
    };
    return { name: `${title} ${name}`, inject };
  }

  async #isUp(signal: AbortSignal): Promise<void> {
    await this.ready(this.#options.timeoutMs, signal);
    await this.#options.onReadyAgain(signal);
    this.#known = await this.#look();
  }

  #change(verb: ExternalVerb, signal: AbortSignal): Promise<void> {
    const command = this.#command(verb, verb);
    return this.#exclusive(async () => void (await runThere(this.#options.external, command, signal)));
  }

  #command(verb: ExternalVerb, what: string): NonNullable<ReturnType<typeof commandOf>> {
    const { external, title } = this.#options;
    const command = commandOf(external, verb);
    if (command === undefined) throw refusal(title, what, '', whyNot(external, verb));
    return command;
  }

  #look(): Promise<ExternalState> {
    return stateOf(this.#options.external, AbortSignal.timeout(CHANGE_MS));
  }

  #exclusive(change: () => Promise<void>): Promise<void> {
    const next = this.#last.catch(() => undefined).then(change);
    this.#last = next;
    return next;
  }
}

function placeOf({ url, pid, container, host, pod }: ExternalTarget): string {
  const what = container === undefined ? (pid === undefined ? url : `process ${pid}`) : `container ${container}`;
  const where = pod ?? host;
  return where === undefined ? what : `${what} of ${where}`;
}

function refusal(title: string, what: string, how: string, why: string): ChaosError {
  return new ChaosError('FAULT_REFUSED', `Cannot ${what} the ${title}${how === '' ? '' : ` ${how}`}: ${why}`, {
    hint: 'It is external: its link from the tests can be broken in every way, and packets at its place by deviceFault().',
  });
}

function undoRecipe(data: ExternalUndo): Parameters<Journal['record']>[0] {
  const manifest = createRequire(import.meta.url).resolve('@chaos/test/package.json');
  const file = join(dirname(manifest), 'dist/slot/target/external/undo-external.js');
  return { kind: 'call', module: pathToFileURL(file).href, export: 'undoExternal', data: data as unknown as Json };
}
