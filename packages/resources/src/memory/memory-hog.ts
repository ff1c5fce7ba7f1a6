import { writeFileSync } from 'node:fs';

// A separate process that fills memory and ends when its parent does. argv: bytes.
const bytes = Number(process.argv[2]);
const CHUNK = 16 * 2 ** 20;
const PAGE = 4096;
const PAUSE_MS = 500;

// Where memory runs out the kernel shall end this process, and no other.
try {
  writeFileSync('/proc/self/oom_score_adj', '1000');
} catch {
  // Without /proc there is no such choice.
}
process.once('disconnect', () => process.exit());

const chunks: Buffer[] = [];
for (let left = bytes; left > 0; left -= CHUNK) chunks.push(Buffer.alloc(Math.min(CHUNK, left), 1));

// What is not touched for long may be swapped out.
let next = 0;
setInterval(() => {
  const chunk = chunks[next++ % chunks.length];
  for (let offset = 0; chunk !== undefined && offset < chunk.length; offset += PAGE) chunk[offset] = next & 0xff;
}, PAUSE_MS);
process.send?.('filled');
