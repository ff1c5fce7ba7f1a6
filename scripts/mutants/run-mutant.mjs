import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command } from '../command.mjs';
import { root } from '../workspace.mjs';

const HEALTHY = 'packages/sample-service/dist/main.js';

// Who ends us ends the run, too; its configuration must not stay in the working tree.
const CONFIG = `${root}/chaos.mutant-${process.pid}.yaml`;
process.on('exit', () => rmSync(CONFIG, { force: true }));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(130));

/** Runs tests against a build of the service: the ids of those that failed, and whether the time was up before all ran. */
export async function failuresOf(main, filters, { seconds, stopAtFirst }) {
  const folder = mkdtempSync(join(tmpdir(), 'chaos-mutate-'));
  try {
    const text = readFileSync(`${root}/chaos.yaml`, 'utf8');
    if (!text.includes(HEALTHY)) throw new Error(`Cannot run a mutant: chaos.yaml does not start ${HEALTHY}`);
    writeFileSync(CONFIG, text.replace(HEALTHY, main));
    const { output, cut } = await command(
      [process.execPath, `${root}/packages/cli/dist/bin.cjs`, 'run', ...filters, '-c', CONFIG].concat(
        ['--retries', '0', '--no-history', '--reporter', 'json', '--output', folder],
        ['--global-timeout', String(seconds * 1000)],
        stopAtFirst ? ['-x'] : [],
      ),
      { timeoutMs: (seconds + 60) * 1000 },
    );
    const file = join(folder, 'results.json');
    if (!existsSync(file)) throw new Error(`Cannot read the results of a mutant: ${output.trim().slice(-800)}`);
    const tests = testsOf(JSON.parse(readFileSync(file, 'utf8')).suites);
    const failed = tests.filter(({ status }) => status === 'unexpected');
    return {
      failed: failed.map(({ chaos, file: at }) => ({ id: chaos.id, file: at })),
      ran: tests.filter(({ status }) => status !== 'skipped').length,
      cut,
    };
  } finally {
    rmSync(CONFIG, { force: true });
    rmSync(folder, { recursive: true, force: true });
  }
}

function testsOf(suites) {
  return suites.flatMap(({ file, specs = [], suites: inner = [] }) => [
    ...specs.flatMap((spec) => spec.tests.map((test) => ({ ...test, file: spec.file ?? file }))),
    ...testsOf(inner),
  ]);
}
