import { ChaosError, ExitCode } from '@chaos/spec';
import { watchAncestors } from './ancestors.js';

/** External cause that ends a run: a signal, or `stop()` of its runner. */
export type TerminationKind = SignalKind | 'stop()';

/** A signal that ends a run. */
type SignalKind = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** The reason of the signals of a {@link Termination}. Code `TERMINATED`. */
export class Terminated extends ChaosError {
  readonly kind: TerminationKind;
  readonly exitCode: 130 | 143;

  constructor(kind: TerminationKind, cause: string) {
    super('TERMINATED', `The run was ended by ${cause}`, { data: { kind } });
    this.name = 'Terminated';
    this.kind = kind;
    this.exitCode = kind === 'SIGINT' || kind === 'stop()' ? ExitCode.interrupted : ExitCode.terminated;
  }
}

/** Signals of this process, as `AbortSignal`s. */
export interface Termination extends Disposable {
  /** Aborts on the first signal: stop, heal, report. Its reason is a {@link Terminated}. */
  readonly signal: AbortSignal;
  /** Aborts when the same signal comes again: exit at once, the watcher heals. */
  readonly force: AbortSignal;
  /** Exit code of the first signal; `undefined` before it. */
  readonly exitCode: 130 | 143 | undefined;
}

/**
 * Turns SIGINT, SIGTERM, SIGHUP and the death of a wrapper (as SIGTERM) into one graceful end, and a second one of the
 * same kind into an immediate one. npm and pnpm forward Ctrl-C although the terminal has sent it to us already: within
 * `forceAfterMs` it counts once.
 */
export function watchTermination({
  forceAfterMs = 500,
  ancestors = true,
}: { readonly forceAfterMs?: number; readonly ancestors?: boolean } = {}): Termination {
  const graceful = new AbortController();
  const forced = new AbortController();
  const firstMs = new Map<SignalKind, number>();
  let exitCode: 130 | 143 | undefined;

  const begin = (reason: Terminated): void => {
    if (graceful.signal.aborted) return;
    exitCode = reason.exitCode;
    graceful.abort(reason);
  };
  const onSignal = (kind: SignalKind): void => {
    const now = performance.now();
    const first = firstMs.get(kind);
    if (first === undefined) {
      firstMs.set(kind, now);
      begin(new Terminated(kind, kind));
    } else if (now - first > forceAfterMs) forced.abort(new Terminated(kind, `a second ${kind}`));
  };
  const kinds = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const kind of kinds) process.on(kind, onSignal);
  // Never forces: a signal to a whole group kills our wrapper, too.
  const above = ancestors
    ? watchAncestors((pid) => begin(new Terminated('SIGTERM', `the death of process ${pid}, which started it`)))
    : undefined;

  return {
    signal: graceful.signal,
    force: forced.signal,
    get exitCode() {
      return exitCode;
    },
    [Symbol.dispose]() {
      for (const kind of kinds) process.off(kind, onSignal);
      above?.[Symbol.dispose]();
    },
  };
}
