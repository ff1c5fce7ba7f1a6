import { locateLoop } from './locate-loop.js';

// Entry of a process that locates a loop in the network namespace of a slot, where main cannot look. Prints the result
// to stdout.
const [pid = 0, timeoutMs = 0] = process.argv.slice(2).map(Number);
void locateLoop(pid, timeoutMs).then((hang) => process.stdout.write(JSON.stringify(hang)));
