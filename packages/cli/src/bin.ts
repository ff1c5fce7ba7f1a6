#!/usr/bin/env node
import { startEarlyWorker } from '@chaos/runner/early-worker';
import { needsWorker } from './needs-worker.js';

// Before anything else is loaded: a process takes as long to come up as we do to read the configuration, and there is a second CPU.
const runs = needsWorker(process.argv.slice(2));
if (runs) startEarlyWorker();

// It asks a run what it is doing. Without a listener node would start its debugger.
process.on('SIGUSR1', () => {});

void import('./command-line.js').then(({ runCommandLine }) => runCommandLine());
// Read from the disk together with the parser, not after it. What is wrong with it is said where it is used.
if (runs) import('./commands/run.js').catch(() => {});
