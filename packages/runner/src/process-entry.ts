import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The built file of a separate process or thread; the same from `dist` and from sources under test. */
export function processEntry(
  file: 'worker/main.cjs' | 'slot/main.cjs' | 'ledger/watcher.js' | 'hang/locator.js' | 'signals/watchdog.cjs',
): string {
  const manifest = createRequire(import.meta.url).resolve('@chaos/runner/package.json');
  return join(dirname(manifest), 'dist', file);
}
