import { spawn } from 'node:child_process';
import { parentPort, workerData } from 'node:worker_threads';
import type { LeaseOrder } from './lease.js';

// Keeps the rules of one device in force: a thread, so that its owner may block its own event loop, with one `nft -i`
// that ends with it. Deleting an element that has run out fails, so the kernel itself tells that the lease was missed.

const { command, environment, table, element, intervalMs } = workerData as LeaseOrder;
const [program, ...words] = command;
const renew = `delete element inet ${table} lease { ${element.split(' ')[0]} }; add element inet ${table} lease { ${element} }\n`;
// Adding comes first where it may have run out: what is there is not added again.
const revive = `add element inet ${table} lease { ${element.split(' ')[0]} }; ${renew}`;

const nft = spawn(program, words, {
  env: { ...process.env, ...environment },
  stdio: ['pipe', 'pipe', 'pipe'],
});
nft.stdin.on('error', () => {});
nft.on('error', (error) => parentPort?.postMessage({ kind: 'ended', reason: error.message }));
nft.on('exit', (code, signal) => {
  clearInterval(timer);
  parentPort?.postMessage({ kind: 'ended', reason: `it ended with ${signal ?? code}` });
  parentPort?.close();
});
nft.stderr.setEncoding('utf8').on('data', (text: string) => {
  if (!/^Error:/m.test(text)) return;
  parentPort?.postMessage({ kind: 'lapsed', atMs: Date.now(), reason: text.trim().split('\n')[0] ?? '' });
  nft.stdin.write(revive);
});

// The first answer says that the rules are in force from here on, however long it took to get here.
nft.stdout.once('data', () => parentPort?.postMessage({ kind: 'renewing' })).resume();
nft.stdin.write(`${revive}list set inet ${table} lease\n`);
const timer = setInterval(() => nft.stdin.write(renew), intervalMs);
parentPort?.on('message', () => {
  clearInterval(timer);
  nft.stdin.end();
});
