import { readProcessStat } from '@chaos/env/process';

const CTRL_C = '\u0003';
const CTRL_BACKSLASH = '\u001c';
const CTRL_Z = '\u001a';

/**
 * Calls `onAsk` on SIGUSR1, and when the user types `t` in a terminal that this process has to itself. A listener
 * replaces node's own reaction, which is to start a debugger; the command has one before and after a run.
 */
export function watchAsking(onAsk: () => void): Disposable {
  process.on('SIGUSR1', onAsk);
  const keyboard = isForeground() ? listenToKeys(onAsk) : undefined;
  return {
    [Symbol.dispose]() {
      process.off('SIGUSR1', onAsk);
      keyboard?.[Symbol.dispose]();
    },
  };
}

// In raw mode keys arrive one by one, and we must handle those that the terminal handles otherwise.
function listenToKeys(onAsk: () => void): Disposable {
  const { stdin } = process;
  const onData = (data: Buffer): void => {
    for (const key of data.toString()) {
      if (key === 't') onAsk();
      else if (key === CTRL_C) process.kill(process.pid, 'SIGINT');
      else if (key === CTRL_BACKSLASH) process.kill(process.pid, 'SIGQUIT');
      else if (key === CTRL_Z) {
        stdin.setRawMode(false);
        process.kill(process.pid, 'SIGTSTP');
      }
    }
  };
  const onContinue = (): void => {
    if (isForeground()) stdin.setRawMode(true);
  };
  const onError = (): void => {};
  stdin.on('error', onError);
  stdin.on('data', onData);
  process.on('SIGCONT', onContinue);
  stdin.setRawMode(true);
  stdin.resume();
  stdin.unref();
  return {
    [Symbol.dispose]() {
      process.off('SIGCONT', onContinue);
      stdin.off('data', onData);
      if (isForeground()) stdin.setRawMode(false);
      stdin.pause();
    },
  };
}

// The kernel stops (SIGTTOU) a background job that changes the terminal's modes.
function isForeground(): boolean {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return false;
  const stat = readProcessStat(process.pid);
  return stat !== undefined && stat.group === stat.foreground;
}
