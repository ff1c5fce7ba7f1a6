/**
 * While it is watched, what nobody caught in this process is told of and does not end it: code of the user's runs here,
 * too (configuration, global modules, reporters).
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
