import { writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { watchAncestors } from './ancestors.js';
import { awaitedChild } from './awaited-child.js';
import { LOOK, lookForLoop } from './look-for-loop.js';
import { MainInspector } from './main-inspector.js';
import { BEATS, IN_TIME, NOTICED_NS, nowNs, type End, type Stopped, type WatchdogData } from './watchdog-data.js';

// The entry of a thread beside main. Main's signal handlers, timers and limits need its event loop, which code of the
// user's can block for ever: a loop in a reporter, in a global setup. This thread sees by itself what is to end the
// run, and main's heart beat from then on. Where that stands still, the user's code is stopped, so that main ends the
// run as always; where that does not help, the process is ended.

const LOOK_MS = 100;
/** For main to hear what ends the run. */
const DEAF_MS = 1500;
/** For what main does while it ends the run: a reporter may write for a while. */
const BLOCKED_MS = 3000;
const ANSWER_MS = 1000;
/** After what ended the run. */
const LAST_MS = 9000;
/** The same where main is not blocked, but came to no end all the same. */
const LAST_ALIVE_MS = 15_000;
/** As in `termination.ts`: npm passes Ctrl-C on though the terminal sent it to us already. */
const AGAIN_MS = 500;

/** Functions of node's that tell async_hooks of what they enter, and in a `finally` that they have left it. */
const ENTERED = new Set(['listOnTimeout', 'processImmediate', 'processTicksAndRejections', 'runInAsyncScope']);

interface Frame {
  readonly callFrameId: string;
  readonly functionName: string;
}

const { shared, exitCodes, deadlineNs, ended } = workerData as WatchdogData;
let end: (End & { readonly sinceMs: number }) | undefined;
let beats = 0n;
let changedMs = 0;
let isBusy = false;
let stopped: Stopped | undefined;

function begin(what: string, exitCode: number): void {
  const now = performance.now();
  // Main is dead to the second one, too: whoever sends it has waited long enough.
  if (end?.what === what && now - end.sinceMs > AGAIN_MS && Atomics.load(shared, BEATS) === 0n) void leave();
  if (end) return;
  end = { what, exitCode, sinceMs: now };
  changedMs = now;
  Atomics.compareExchange(shared, NOTICED_NS, 0n, nowNs());
  setInterval(() => void look(), LOOK_MS);
}

async function look(): Promise<void> {
  if (!end || isBusy) return;
  const now = performance.now();
  const seen = Atomics.load(shared, BEATS);
  if (seen !== beats) [beats, changedMs] = [seen, now];
  const isBlocked = now - changedMs > (beats === 0n ? DEAF_MS : BLOCKED_MS);
  isBusy = true;
  if (now - end.sinceMs > (isBlocked || stopped ? LAST_MS : LAST_ALIVE_MS)) await leave();
  else if (isBlocked) await stop();
  isBusy = false;
}

/** Stops the user's code that main is in, or ends the process that it waits for. */
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
    // Nothing of it goes on, neither `catch` nor `finally`: not node's own, either.
    for (const { callFrameId, functionName } of frames)
      if (ENTERED.has(functionName))
        await inspector.request('Debugger.evaluateOnCallFrame', { callFrameId, expression: 'emitAfter(asyncId)' });
    await inspector.request('Debugger.disable');
    await inspector.request('Runtime.terminateExecution');
    return { what: end?.what ?? '', location };
  } catch {
    return undefined;
  }
}

function endAwaited(): Stopped | undefined {
  const child = awaitedChild();
  if (!child) return undefined;
  for (const pid of child.tree) kill(pid);
  return { what: end?.what ?? '', child: `process ${child.pid} (${child.command})` };
}

/** Ends this process, as softly as it still can be. */
async function leave(): Promise<never> {
  const { what, exitCode } = end as End;
  const { location, child } = stopped ?? {};
  const where = location
    ? ` at ${location.file}:${location.line}:${location.column}`
    : child
      ? `, waiting for ${child}`
      : '';
  say(
    `error: The run did not come to an end after ${what}: its main process is blocked${where}. It was ended without a report; what it left is healed.`,
  );
  // It has to leave the stack before it can leave the process without a debugger's good-bye.
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

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

function say(line: string): void {
  try {
    writeSync(2, `${line}\n`);
  } catch {
    // Nobody reads.
  }
}

/** Node gives signals to the main thread alone, except to itself. */
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

if (ended) begin(ended.what, ended.exitCode);
try {
  watchSignals();
} catch {
  // Not in this version of Node: what main itself hears is watched all the same.
}
watchAncestors((pid) => begin(`the death of process ${pid}, which started it`, exitCodes.terminated), {
  intervalMs: 500,
});
if (deadlineNs !== undefined)
  setTimeout(
    () => Atomics.load(shared, IN_TIME) === 0n && begin('the global timeout', exitCodes.failed),
    Math.max(0, Number(deadlineNs - nowNs()) / 1e6),
  );
parentPort?.on('message', (ending: End) => begin(ending.what, ending.exitCode));
// It is up.
parentPort?.postMessage(null);
