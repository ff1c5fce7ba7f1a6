#!/usr/bin/env node
import { createRequire } from 'node:module';
import { startEarlyWorker } from '@chaos/runner/early-worker';
import { hasThreads } from './has-threads.js';
import { needsWorker } from './needs-worker.js';

// Start this before anything else is loaded: the process takes as long to come up as we take to read the configuration,
// and there is a second CPU.
const isRun = needsWorker(process.argv.slice(2));
if (!isRun || hasThreads()) {
  if (isRun) startEarlyWorker();

  // SIGUSR1 asks a run for its state. Without a listener node would start its debugger.
  process.on('SIGUSR1', () => {});

  void (createRequire(import.meta.url)('./command-line.cjs') as typeof import('./command-line.js')).runCommandLine();
}
