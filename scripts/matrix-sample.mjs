import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command } from './command.mjs';
import { closeStage } from './totals.mjs';
import { root } from './workspace.mjs';

// A sample of `chaos matrix` that fits into CI: what changed since its results were kept, and some that did not, for a
// test may lose its sight by a change elsewhere. Each commit begins at another variant, and stops when its time is up.
// Results are known by the content that they depend on: in `.chaos/matrix.json`, which a fresh clone has from
// `docs/reference/detection-cells.json`. `--keep` writes that file again, `--seconds=N` is the time in which runs begin
// (default 150); after a minute more the last one is cut off, and says nothing.
const KEPT = `${root}/docs/reference/detection-cells.json`;
const STORE = `${root}/.chaos/matrix.json`;
const LAST_RUN_MS = 60_000;
const BATCH = 2;
/** Runs of a variant that was missed, before it counts. */
const AGAIN = 3;

const flags = process.argv.slice(2);
const seconds = Number(flags.find((flag) => flag.startsWith('--seconds='))?.split('=')[1] ?? 150);
const folder = mkdtempSync(join(tmpdir(), 'chaos-matrix-sample-'));
const endMs = performance.now() + seconds * 1000;
const failures = [];
let passed = 0;

try {
  if (!existsSync(STORE) && existsSync(KEPT)) keepPrivately(readFileSync(KEPT, 'utf8'));
  const variants = variantsFromHere();
  let next = 0;
  while (next < variants.length && performance.now() < endMs) {
    const batch = variants.slice(next, (next += BATCH));
    const missed = await missedOf(batch, ['--sample', '1']);
    if (missed === undefined) break;
    passed += batch.length - missed.length;
    for (const name of missed) {
      // A test may be unlucky once; what is caught in another of three runs is caught.
      const again = await missedOf([name], ['--no-cache', '--runs', String(AGAIN)]);
      if (again?.length === 0) passed += 1;
      else if (again !== undefined) failures.push(`no test that names it catches ${name}`);
    }
  }
  console.log(`${Math.min(next, variants.length)} of ${variants.length} variants, from ${variants[0]} on`);
  if (flags.includes('--keep'))
    writeFileSync(KEPT, `${JSON.stringify(JSON.parse(readFileSync(STORE, 'utf8')), null, 1)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
closeStage('matrix', passed, failures);

/** All variants, beginning at one that the commit chooses. */
function variantsFromHere() {
  const files = readdirSync(`${root}/packages/sample-service/src/defects`).filter((file) => file.endsWith('.ts'));
  const names = files.map((file) => file.slice(0, -'.ts'.length)).toSorted();
  const { stdout } = spawnSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' });
  const first = Number.parseInt(stdout.slice(0, 8), 16) % names.length || 0;
  return [...names.slice(first), ...names.slice(0, first)];
}

/** Those of the variants that no test catches although one that names them ran; `undefined` where the time was up. */
async function missedOf(names, further) {
  const { code, output, cut } = await chaos(['matrix', ...names, ...further, '--output', folder]);
  process.stderr.write(output);
  if (cut) return undefined;
  if (code > 1) throw new Error(`Cannot run the matrix: exit ${code}`);
  const { defects } = JSON.parse(readFileSync(join(folder, 'detection.json'), 'utf8'));
  const isSilent = ({ caughtBy, cells }) =>
    caughtBy.length === 0 && Object.values(cells).some(({ silent }) => silent > 0);
  return names.filter((name) => defects[name] !== undefined && isSilent(defects[name]));
}

function chaos(args) {
  return command([process.execPath, `${root}/packages/cli/dist/bin.cjs`, ...args], {
    timeoutMs: Math.max(1, endMs + LAST_RUN_MS - performance.now()),
  });
}

// The command reads only what nobody else could have written.
function keepPrivately(text) {
  mkdirSync(`${root}/.chaos`, { recursive: true, mode: 0o700 });
  chmodSync(`${root}/.chaos`, 0o700);
  writeFileSync(STORE, text, { mode: 0o600 });
}
