// A test may fake timers and Date in this process, and anyone may set the machine's clock. So the runner saves its own
// functions before any test file is loaded, and counts with a clock that cannot be set.
const { setTimeout, clearTimeout, setImmediate } = globalThis;
const { bigint } = process.hrtime;
const nowMs = performance.now.bind(performance);

let epochMs = performance.timeOrigin + nowMs() - countMs();

function countMs(): number {
  return Number(bigint()) / 1e6;
}

/** Monotonic milliseconds; differences are durations. */
export const monotonicMs: () => number = nowMs;

/** Milliseconds since the Unix epoch, counted from the start of the run, whatever the system clock does later. */
export function wallMs(): number {
  return epochMs + countMs();
}

/** Offset of this process, to be passed to {@link alignWall}. */
export function wallOffsetMs(): number {
  return epochMs;
}

/** Makes {@link wallMs} agree with the process that sent this offset: the machine's counter is the same for all. */
export function alignWall(offsetMs: number): void {
  epochMs = offsetMs;
}

/** The real `setTimeout`, limited to its longest delay. */
export function startTimer(action: () => void, delayMs: number): NodeJS.Timeout {
  return setTimeout(action, Math.min(Math.max(delayMs, 0), 2 ** 31 - 1));
}

/** The real `clearTimeout`. */
export function stopTimer(timer: NodeJS.Timeout | undefined): void {
  clearTimeout(timer);
}

/** The real `setImmediate`. */
export function nextTurn(action: () => void): void {
  setImmediate(action);
}
