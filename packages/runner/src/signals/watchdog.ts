import { writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { readProcessStat, sendSignal, type ProcessIdentity } from '@chaos/env/process';
import { watchAncestors } from './ancestors.js';
import { awaitedChild } from './awaited-child.js';
import { LOOK, lookForLoop } from '../hang/look-for-loop.js';
import { MainInspector } from './main-inspector.js';
import {
  BEATS,
  IN_TIME,
  NOTICED_NS,
  nowNs,
  TURNS,
  type End,
  type Stopped,
  type WatchdogData,
} from './watchdog-data.js';

// The entry of a thread beside main. Main's signal handlers, timers and limits need its event loop, which user code can
// block for ever: a loop in a reporter, in a global setup. This thread itself detects the end of the run, and watches
// main's heartbeat from then on. If the heartbeat stops, it stops the user's code, so that main can end the run
// normally; if that fails, it ends the process.

const LOOK_MS = 100;
/** Time for main to notice the end of the run. */
const DEAF_MS = 1500;
/** Time for main's work while it ends the run: a reporter may write for a while. */
const BLOCKED_MS = 3000;
const ANSWER_MS = 1000;
/** Counted from the cause of the end. */
const LAST_MS = 9000;
/** The same, if main is not blocked but still did not end. */
const LAST_ALIVE_MS = 15_000;
/** The same after the run's own time limit, which gives each part of the end six times as long (`ending.ts`). */
const LAST_PATIENT_MS = 60_000;
const TIME_UP = 'the global timeout';
/** Time after which code that blocks main is stopped in a run that nobody ended: no limit of a test works meanwhile. */
const STUCK_LOOKS = 30;
const STUCK_LOOK_MS = 1000;
const TRIES = 5;
/** As in `termination.ts`: npm forwards Ctrl-C although the terminal has sent it to us already. */
const AGAIN_MS = 500;

/** Functions of node that tell async_hooks when they enter a callback, and, in a `finally`, when they leave it. */
const ENTERED = new Set(['listOnTimeout', 'processImmediate', 'processTicksAndRejections', 'runInAsyncScope']);

/** Only if it has entered: a loop of ticks is sometimes stopped between two of them, and leaving twice ends node. */
const LEAVE = "process.getBuiltinModule('async_hooks').executionAsyncId() === asyncId && emitAfter(asyncId)";

interface Frame {
  readonly callFrameId: string;
  readonly functionName: string;
}

const { shared, exitCodes, deadlineNs, ended, loading, isDebugged } = workerData as WatchdogData;
let end: (End & { readonly sinceMs: number }) | undefined;
let beats = 0n;
let changedMs = 0;
let isBusy = false;
let stopped: Stopped | undefined;
let turns = 0n;
/** Looks in a row that saw no turn of main. Not a time: this process may have been stopped, too. */
let stuckLooks = 0;
let inVain = 0;

function begin(what: string, exitCode: number): void {
  const now = performance.now();
  // Main does not react to the second signal, either, and the user has waited long enough.
  if (end?.what === what && now - end.sinceMs > AGAIN_MS && Atomics.load(shared, BEATS) === 0n) void leave(true);
  // Who sends a signal does not wait as long as the limit of a run does.
  if (end && (end.what !== TIME_UP || what === TIME_UP)) return;
  const isFirst = end === undefined;
  end = { what, exitCode, sinceMs: now };
  changedMs = now;
  Atomics.compareExchange(shared, NOTICED_NS, 0n, nowNs());
  if (isFirst) setInterval(() => void look(), LOOK_MS);
}

async function look(): Promise<void> {
  if (!end || isBusy) return;
  const now = performance.now();
  const seen = Atomics.load(shared, BEATS);
  if (seen !== beats) [beats, changedMs] = [seen, now];
  const isBlocked = now - changedMs > (beats === 0n ? DEAF_MS : BLOCKED_MS);
  isBusy = true;
  const lastMs = end.what === TIME_UP ? LAST_PATIENT_MS : LAST_ALIVE_MS;
  if (now - end.sinceMs > (isBlocked || stopped ? LAST_MS : lastMs)) await leave(isBlocked);
  else if (isBlocked) await stop();
  isBusy = false;
}

/** Stops the user's code that blocks main though the run goes on. A command that it waits for may take its time. */
async function lookForStuck(): Promise<void> {
  if (end || isBusy) return;
  const seen = Atomics.load(shared, TURNS);
  stuckLooks = seen === turns ? stuckLooks + 1 : 0;
  turns = seen;
  const isWaiting = readProcessStat(process.pid)?.state !== 'R';
  if (stuckLooks < STUCK_LOOKS || (isWaiting && awaitedChild())) return;
  stuckLooks = 0;
  isBusy = true;
  const told = await stopCode();
  isBusy = false;
  if (loading !== undefined && (!told || stopped)) return leaveLoading(loading, told);
  if (!told) return;
  if (loading !== undefined) stopped = told;
  parentPort?.postMessage(told);
}

/** Ends a process in which code that was stopped begins again, or has no position at which it could be. */
async function leaveLoading(file: string, told: Stopped | undefined): Promise<void> {
  // On a busy machine main may not have answered in time.
  if (++inVain < TRIES) return void (stuckLooks = STUCK_LOOKS);
  const { location } = told ?? {};
  const where = location ? ` at ${location.file}:${location.line}:${location.column}` : '';
  say(`error: Cannot load ${file}: its code does not return${where}, and cannot be stopped: a loop that never ends?`);
  await exit(exitCodes.usage);
}

/** Stops the user's code that main is running, or ends the process that main waits for. */
async function stop(): Promise<void> {
  const told = (await stopCode()) ?? endAwaited();
  if (!told) return;
  stopped = told;
  changedMs = performance.now();
  parentPort?.postMessage(told);
}

async function stopCode(): Promise<Stopped | undefined> {
  try {
    using inspector = new MainInspector(ANSWER_MS);
    const look = lookForLoop();
    let frames: readonly Frame[] = [];
    const { location } = await inspector.talk(LOOK, (message, send) => {
      if (message.method === 'Debugger.paused') frames = (message.params?.['callFrames'] ?? []) as readonly Frame[];
      return look(message, send);
    });
    if (!location) return undefined;
    // Terminates execution without running `catch` or `finally`, including node's own.
    for (const { callFrameId, functionName } of frames)
      if (ENTERED.has(functionName))
        await inspector.request('Debugger.evaluateOnCallFrame', { callFrameId, expression: LEAVE });
    await inspector.request('Debugger.disable');
    await inspector.request('Runtime.terminateExecution');
    return { ...(end && { what: end.what }), location };
  } catch {
    return undefined;
  }
}

function endAwaited(): Stopped | undefined {
  const child = awaitedChild();
  if (!child) return undefined;
  for (const one of child.tree) kill(one);
  return { ...(end && { what: end.what }), child: `process ${child.pid} (${child.command})` };
}

/** Ends this process, as gently as is still possible. */
async function leave(isBlocked: boolean): Promise<never> {
  const { what, exitCode } = end as End;
  const { location, child } = stopped ?? {};
  const where = location
    ? ` at ${location.file}:${location.line}:${location.column}`
    : child
      ? `, waiting for ${child}`
      : '';
  say(
    `error: The run did not come to an end after ${what}${isBlocked ? `: its main process is blocked${where}` : ''}. ` +
      'It was ended without a report; what it left is healed.',
  );
  return exit(exitCode);
}

async function exit(exitCode: number): Promise<never> {
  // The code must leave the stack first: then the process can exit without the debugger's farewell message.
  await evaluate(`setImmediate(() => process.reallyExit(${exitCode}))`, 'Runtime.terminateExecution');
  await evaluate(`process.reallyExit(${exitCode})`);
  process.kill(process.pid, 'SIGKILL');
  return new Promise<never>(() => {});
}

async function evaluate(expression: string, ...then: readonly string[]): Promise<void> {
  {
    using inspector = new MainInspector(ANSWER_MS / 4);
    const sent = [
      inspector.request('Runtime.evaluate', { expression }),
      ...then.map((method) => inspector.request(method)),
    ];
    await Promise.allSettled(sent);
  }
  await sleep(LOOK_MS);
}

function kill(child: ProcessIdentity): void {
  try {
    sendSignal(child, 'SIGKILL');
  } catch {
    // It is another user's.
  }
}

function say(line: string): void {
  try {
    writeSync(2, `${line}\n`);
  } catch {
    // Nobody reads the pipe.
  }
}

function watchEnds(): void {
  try {
    watchSignals();
  } catch {
    // Not available in this version of Node; signals that main itself receives are still watched.
  }
  watchAncestors((pid) => begin(`the death of process ${pid}, which started it`, exitCodes.terminated), {
    intervalMs: 500,
  });
}

/** Node delivers signals only to the main thread, except for its own use. */
function watchSignals(): void {
  const { internalBinding } = createRequire(import.meta.url)('internal/test/binding') as {
    internalBinding(name: 'signal_wrap'): { Signal: new () => { onsignal: () => void; start(number: number): number } };
  };
  const { Signal } = internalBinding('signal_wrap');
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    const signal = new Signal();
    signal.onsignal = () => begin(name, name === 'SIGINT' ? exitCodes.interrupted : exitCodes.terminated);
    signal.start(constants.signals[name]);
  }
}

if (!isDebugged) setInterval(() => void lookForStuck(), STUCK_LOOK_MS);
if (ended) begin(ended.what, ended.exitCode);
if (loading === undefined) watchEnds();
if (deadlineNs !== undefined)
  setTimeout(
    () => Atomics.load(shared, IN_TIME) === 0n && begin(TIME_UP, exitCodes.failed),
    Math.max(0, Number(deadlineNs - nowNs()) / 1e6),
  );
parentPort?.on('message', (ending: End) => begin(ending.what, ending.exitCode));
// Tells main that it is running.
parentPort?.postMessage(null);
