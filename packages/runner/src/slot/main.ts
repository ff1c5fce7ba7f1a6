import { markSecretNames, markSecretsOfShell } from '@chaos/spec';
import { Channel } from '../ipc/channel.js';
import type { FromSlot, ToSlot } from '../ipc/messages.js';
import { reportEventLoop } from '../ipc/report-event-loop.js';
import { SlotHost } from './slot-host.js';

// The entry of a slot process: hosts the slot-scoped fixtures until told to stop.
let host: SlotHost | undefined;

const channel: Channel<ToSlot, FromSlot> = new Channel<ToSlot, FromSlot>(process, 'the main process', {
  init: (init) => {
    markSecretNames(init.config.secret);
    markSecretsOfShell(process.env);
    host = new SlotHost(init, channel);
    void reportEventLoop(init.config.monitor.intervalMs, (reading) => channel.notify('eventLoop', reading));
    return null;
  },
  ensure: ({ fixtures, names }, signal) => required().ensure(fixtures, names, signal),
  reset: (_, signal) => required().reset(signal),
  call: ({ fixture, method, args }, signal) => required().call(fixture, method, args, signal),
  ping: () => null,
  down: async () => {
    await required().down();
    return null;
  },
});

function required(): SlotHost {
  if (!host) throw new Error('Cannot serve before init');
  return host;
}

// Broken sockets are normal for the proxies here, so an error without a listener must not end this process.
process.on('uncaughtException', (error) =>
  channel.notify('log', { line: `uncaught in slot: ${error.stack ?? error.message}` }),
);
process.on('unhandledRejection', (error) =>
  channel.notify('log', { line: `unhandled in slot: ${error instanceof Error ? error.stack : String(error)}` }),
);
// SIGUSR1 is left to Node, as in a worker: main learns where a loop is.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
// Main is gone: stop everything; the watcher does the same for the rest.
process.on('disconnect', () => {
  setTimeout(() => process.exit(1), 1500).unref();
  void (host?.down() ?? Promise.resolve()).finally(() => process.exit(0));
});
