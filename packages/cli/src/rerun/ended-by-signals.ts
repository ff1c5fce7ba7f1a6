import { ChaosError, ExitCode } from '@chaos/spec';

/** Ends reruns gracefully at SIGINT and SIGTERM, until it is disposed; the second signal ends the process at once. */
export function endedBySignals(): Disposable & { readonly signal: AbortSignal; throwIfEnded(): void } {
  const controller = new AbortController();
  let by: NodeJS.Signals | undefined;
  const end = (signal: NodeJS.Signals): void => {
    if (by !== undefined) process.exit(codeOf(by));
    by = signal;
    controller.abort();
  };
  process.on('SIGINT', end).on('SIGTERM', end);
  return {
    signal: controller.signal,
    throwIfEnded() {
      if (by === undefined) return;
      throw Object.assign(new ChaosError('TERMINATED', `Ended by ${by}: faults are healed, services are down`), {
        exitCode: codeOf(by),
      });
    },
    [Symbol.dispose]() {
      process.off('SIGINT', end).off('SIGTERM', end);
    },
  };
}

function codeOf(signal: NodeJS.Signals): number {
  return signal === 'SIGINT' ? ExitCode.interrupted : ExitCode.terminated;
}
