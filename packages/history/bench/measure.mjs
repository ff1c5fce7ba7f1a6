import { ROWS } from './rows.mjs';

// One measurement of one row, as JSON: a row prepares its input, which is not measured, and returns what it found out
// besides time.
const row = ROWS.find(({ name }) => name === process.argv[2]);
if (row === undefined) throw new Error(`Cannot measure ${process.argv[2]}: no such row`);
const input = await row.prepare();
const before = process.cpuUsage();
const start = performance.now();
const found = (await row.run(input)) ?? {};
const wallMs = performance.now() - start;
const { user, system } = process.cpuUsage(before);
const figures = { wallMs, cpuMs: (user + system) / 1000, peakMb: process.resourceUsage().maxRSS / 1024 };
process.stdout.write(JSON.stringify({ ...figures, ...found, ...row.derive?.(figures) }));
