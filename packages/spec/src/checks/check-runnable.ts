/**
 * Throws `TypeError` for a generator: a call of it returns without an error, but runs none of its statements, so that a
 * check inside would always pass. `what` begins the message: `Cannot declare the test "a"`.
 */
export function checkRunnable(what: string, body: unknown): void {
  if (!/^\[object (Async)?GeneratorFunction\]$/.test(Object.prototype.toString.call(body))) return;
  throw new TypeError(`${what}: its function is a generator, of which nothing would run; leave out the *`);
}

/** Throws `TypeError` for what a call of a generator returns, by the function that should have run it. */
export function checkRan(what: string, returned: unknown): void {
  if (!/^\[object (Async)?Generator\]$/.test(Object.prototype.toString.call(returned))) return;
  throw new TypeError(`${what}: its function returned a generator, of which nothing has run`);
}
