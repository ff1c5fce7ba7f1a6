// Owns a fault, as a run does: `owner.mjs <executor> <faults> <journal>`, all JSON. Says `ready` over ipc when it acts;
// does what it is told then.
import { guardJournal, openShaper } from '../dist/index.js';

const [executor, faults, guarded] = process.argv.slice(2).map((word) => JSON.parse(word));
process.on('message', ({ blockMs }) => {
  const endMs = performance.now() + blockMs;
  while (performance.now() < endMs);
  process.send({ lapses: shaper.lapses });
});
process.on('disconnect', () => process.exit());
const shaper = await openShaper({ device: 'lo', executor, ...(guarded ? { journal: guardJournal() } : {}) });
await shaper.add(faults);
process.send('ready');
setInterval(() => {}, 1000);
