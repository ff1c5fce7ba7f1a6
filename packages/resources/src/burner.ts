// A separate process that burns a share of one CPU and ends when its parent does. argv: load (0…1], period in
// milliseconds.
const [load = 1, periodMs = 20] = process.argv.slice(2).map(Number);
const parent = process.ppid;

function burn(untilMs: number): void {
  while (performance.now() < untilMs);
}

function turn(): void {
  // The channel closes when the parent dies; a new parent (init) is the second sign.
  if (process.ppid !== parent) process.exit();
  const startMs = performance.now();
  burn(startMs + periodMs * load);
  setTimeout(turn, Math.max(0, periodMs * (1 - load)));
}

process.once('disconnect', () => process.exit());
process.send?.('burning');
turn();
