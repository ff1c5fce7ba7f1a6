/**
 * While this is active, uncaught errors are reported and do not end the process: user code runs here, too
 * (configuration, global modules, reporters).
 */
export function watchUncaught(tell: (error: unknown) => void): Disposable {
  const kinds = ['uncaughtException', 'unhandledRejection'] as const;
  for (const kind of kinds) process.on(kind, tell);
  return {
    [Symbol.dispose]() {
      for (const kind of kinds) process.off(kind, tell);
    },
  };
}
