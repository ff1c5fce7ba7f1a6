import {
  abortWithin,
  ChaosError,
  type Incident,
  type SlotContext,
  type SlotFixture,
  type SlotFixtureReference,
} from '@chaos/spec';
import type { ExpectedExit } from '@chaos/services/target';
import { defineSlotFixture } from './define-slot-fixture.js';
import type { LinksProtocol } from './links-slot.js';
import { siblingOf } from './slot-client.js';
import { programOf } from './target/programs.js';
import type { ProgramProcess } from './target/external/attach-target.js';
import { startProgram } from './target/start-program.js';
import { seed } from './target/seed.js';
import { needsOf, severalTargets } from './target/several-targets.js';
import { TargetLog } from './target/target-log.js';

const CREATED_MS = 2000;

interface Target extends AsyncDisposable {
  readonly process: ProgramProcess;
  /** URL through the link. */
  readonly url: string;
  /** Timeout for its next answer to the ready path. */
  readonly answerMs: number;
  readonly log: (line: string) => void;
  readonly printed: TargetLog;
  /** Changes when a service withdraws state that the target may have stored, as an issuer does with keys. */
  generations(signal: AbortSignal): Promise<string>;
  knownGenerations: string;
  readonly restartPolicy: 'on-fault' | 'each-test' | 'never';
  /** True while it runs with an environment of the test's. */
  isChanged: boolean;
  /** What its services will drop at the reset, as people would say it. */
  created(signal: AbortSignal): Promise<readonly string[]>;
  note(text: string): void;
}

/** The target on both sides of the process boundary. */
export interface TargetProtocol {
  /** `url` leads through the link client→target. Types, for they are sent as JSON. */
  readonly address: { readonly url: string; readonly directUrl: string; readonly pid: number | null };
  readonly faults: { readonly kill: object; readonly stop: object };
  readonly methods: {
    /** `env` is on top of its environment until the next start. */
    restart(env?: Readonly<Record<string, string>>): { readonly pid: number | null };
    /** A graceful stop. */
    shutdown(timeoutMs: number): { readonly code: number | null; readonly signal: NodeJS.Signals | null };
    /** Ends it if the reset will drop what it made. */
    beforeReset(): null;
    alive(): boolean;
    /** Of the current process, or of the last one. */
    pid(): number;
    log(lines?: number | null): string;
    /** Its output since a time, in milliseconds since the Unix epoch. */
    logs(sinceMs?: number): readonly { readonly name: string; readonly text: string }[];
    /** Exits that nobody asked for. */
    incidents(): readonly Incident[];
    /** Those that are not told yet, while it is down since. */
    ended(): readonly Pick<Incident, 'what' | 'atMs'>[];
    expectExit(expected: ExpectedExit): { readonly code: number | null; readonly signal: NodeJS.Signals | null };
  };
}

/** The program under test, seeded by the driver; of several, the first one, which this fixture stands for. */
export function targetSlot({ config }: Pick<SlotContext, 'config'>): SlotFixture {
  return Object.keys(config.targets).length > 0
    ? severalTargets(config, copy)
    : programSlot({ config, name: 'target' });
}

/** One copy of a program under test. The fixture `target` is the only one, and is seeded. */
export function programSlot({ config, name }: Pick<SlotContext, 'config' | 'name'>): SlotFixture {
  return defineSlotFixture<Target, TargetProtocol>({
    name,
    needs: needsOf(config, name, copy),
    start,
    address: ({ process, url }) => ({ url, directUrl: process.url, pid: process.pid ?? null }),
    pid: ({ process }) => process.pid,
    check: ({ process, answerMs }, signal) => process.ready(answerMs, signal),
    reset,
    faults: {
      kill: ({ process }) => process.kill(),
      stop: ({ process }) => process.stop(),
    },
    methods: {
      async beforeReset(target, _, signal) {
        await endBeforeDrop(target, signal);
        return null;
      },
      async restart(target, [env], signal) {
        target.isChanged = env !== undefined;
        await target.process.restart(signal, env);
        return { pid: target.process.pid ?? null };
      },
      shutdown: async ({ process }, [timeoutMs], signal) => ({
        ...(await process.shutdown(timeoutMs, signal)),
      }),
      incidents: async ({ process }, _, signal) => [...(await process.incidents(signal))],
      ended: async ({ process }) => [...process.ended()],
      expectExit: async ({ process }, [expected], signal) => ({
        ...(await process.expectExit(expected, signal)),
      }),
      async logs({ printed }, [sinceMs]) {
        const text = printed.since(sinceMs ?? 0);
        return text === '' ? [] : [{ name: `${name} log`, text }];
      },
      alive: async ({ process }) => process.alive(),
      pid: async ({ process }) => knownPid(process.pid),
      log: async ({ process }, [lines]) => process.logTail(lines ?? undefined),
    },
  });
}

function copy(name: string): SlotFixtureReference {
  return { module: import.meta.url, export: 'programSlot', name };
}

function knownPid(pid: number | undefined): number {
  if (pid !== undefined) return pid;
  throw new ChaosError('FAULT_REFUSED', 'Cannot tell the process of the target: it is no process of this machine', {
    hint: 'Its pid in target.external, or a container of this machine, is its process.',
  });
}

async function start(context: SlotContext, signal: AbortSignal): Promise<Target> {
  const { config, log } = context;
  const { name: program, settings } = programOf(config, context.name);
  const { services, restart } = settings;
  const links = siblingOf<LinksProtocol>(context, 'links');
  const printed = new TargetLog();
  const told = (line: string): void => {
    printed.add(line);
    log(line);
  };
  const process = await startProgram(context, told, signal);
  try {
    const { url } = await links.call('openClientLink', [program], signal);
    if (context.name === 'target') await seed(context, { url, logTail: () => process.logTail(30) }, signal);
    const generations = async (signal: AbortSignal): Promise<string> =>
      JSON.stringify(await Promise.all(services.map((name) => context.call(name, 'generation', [], signal))));
    return {
      process,
      url,
      answerMs: Math.round(config.timeoutMs * config.deadlineFactor),
      log,
      printed,
      generations,
      created: async (asking) =>
        (await Promise.all(services.map((name) => context.call(name, 'created', [], asking)))).flat() as string[],
      note: context.note,
      restartPolicy: restart,
      isChanged: false,
      knownGenerations: await generations(signal),
      [Symbol.asyncDispose]: () => process[Symbol.asyncDispose](),
    };
  } catch (error) {
    await process[Symbol.asyncDispose]();
    throw error;
  }
}

// What the target made after the snapshot must not vanish under it: a program that works with a schema crashes then.
async function endBeforeDrop({ process, created, note, log }: Target, signal: AbortSignal): Promise<void> {
  // A service that is still broken does not answer; its reset heals it, and judges what it finds.
  using within = abortWithin(signal, CREATED_MS);
  const objects = await created(within).catch((error: unknown) => {
    signal.throwIfAborted();
    log(`what was made since the snapshot is not known: ${String(error)}`);
    return [];
  });
  if (objects.length === 0) return;
  await process.end();
  note(
    'the target was restarted, for the reset drops what was made after the snapshot: ' +
      `${objects.join(', ')}. If the target makes it: is it ready too early?`,
  );
}

// Does nothing if the target is healthy. A target that lived through a change of keys may have forgotten keys that are
// valid again.
async function reset(target: Target, signal: AbortSignal): Promise<void> {
  const generations = await target.generations(signal);
  const isSame = generations === target.knownGenerations && !target.isChanged && target.restartPolicy !== 'each-test';
  if (isSame && (await target.process.alive())) {
    try {
      return await target.process.ready(target.answerMs, signal);
    } catch (error) {
      signal.throwIfAborted();
      target.log(`target is restarted: ${(error as Error).message}`);
    }
  }
  if (target.restartPolicy === 'never')
    throw new ChaosError('RESET_FAILED', 'Cannot reset the target: it is not as it was, and target.restart is never');
  await target.process.restart(signal);
  target.knownGenerations = generations;
  target.isChanged = false;
}
