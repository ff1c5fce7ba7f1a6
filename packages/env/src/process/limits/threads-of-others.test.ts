import { spawn } from 'node:child_process';
import { expect, onTestFinished, test } from 'vitest';
import { threadsOfOthers } from './threads-of-others.js';

// Any user that has no other process here.
const UID = 61_235;

test.runIf(process.platform === 'linux' && process.getuid?.() === 0)(
  'counts threads of processes further down, not of our children',
  async () => {
    expect(threadsOfOthers(UID)).toBe(0);
    // A child with two sleeping children of its own.
    const child = spawn('sh', ['-c', 'sleep 100 & sleep 100 & echo up; wait'], {
      uid: UID,
      gid: UID,
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    onTestFinished(() => void process.kill(-(child.pid as number), 'SIGKILL'));
    await new Promise((resolve) => child.stdout.once('data', resolve));
    expect(threadsOfOthers(UID)).toBe(2);
  },
);
