// A test may put timers and a Date of its own into this process, and anyone may set the machine's clock: what the
// runner counts with is taken before any test file is loaded, and cannot be set.
const { setTimeout, clearTimeout, setImmediate } = globalThis;
const { bigint } = process.hrtime;
const nowMs = performance.now.bind(performance);

let epochMs = performance.timeOrigin + nowMs() - countMs();

function countMs(): number {
  return Number(bigint()) / 1e6;
}

/** Milliseconds that only grow; differences of it are durations. */
export const monotonicMs: () => number = nowMs;

/** Milliseconds since the Unix epoch, counted on from the start of the run whatever the clock says since. */
export function wallMs(): number {
  return epochMs + countMs();
}

/** What {@link alignWall} wants, of this process. */
export function wallOffsetMs(): number {
  return epochMs;
}

/**
 * From now on {@link wallMs} is the same here as in the process that this is from: the machine's counter is one for
 * all.
 */
export function alignWall(offsetMs: number): void {
  epochMs = offsetMs;
}

/** `setTimeout`, the real one; no longer than it can. */
export function startTimer(action: () => void, delayMs: number): NodeJS.Timeout {
  return setTimeout(action, Math.min(Math.max(delayMs, 0), 2 ** 31 - 1));
}

/** `clearTimeout`, the real one. */
export function stopTimer(timer: NodeJS.Timeout | undefined): void {
  clearTimeout(timer);
}

/** `setImmediate`, the real one. */
export function nextTurn(action: () => void): void {
  setImmediate(action);
}
