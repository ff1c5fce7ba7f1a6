import { text } from 'node:stream/consumers';
import { locateLoop } from './locate-loop.js';

// Entry of a process that locates a loop in the network namespace of a slot, where main cannot look. Reads the address
// of the inspector from stdin, and prints the result to stdout.
const timeoutMs = Number(process.argv[2]);
void text(process.stdin)
  .then((url) => locateLoop(url, AbortSignal.timeout(timeoutMs)))
  .then((hang) => process.stdout.write(JSON.stringify(hang)));
