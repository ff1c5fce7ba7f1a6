import { locateLoop } from './locate-loop.js';

// The entry of a process that looks for a loop where main cannot: in the network namespace of a slot. Says on stdout
// what it finds.
const [pid = 0, timeoutMs = 0] = process.argv.slice(2).map(Number);
void locateLoop(pid, timeoutMs).then((hang) => process.stdout.write(JSON.stringify(hang)));
