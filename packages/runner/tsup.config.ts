import { mkdirSync, writeFileSync } from 'node:fs';
import { defineConfig } from 'tsup';
import { base, commonJs, writeImports } from '../../tsup.base';

// Stateless, and read by workers and slots at their start: bundled.
const builtIn = { noExternal: ['@chaos/env/private', '@chaos/env/process'] };
const { entry, ...rest } = base(['src/ledger/watcher.ts', 'src/hang/locator.ts']);

export default defineConfig([
  // Both builds run at the same time.
  {
    ...rest,
    ...builtIn,
    entry: (entry as string[]).filter((file) => file !== 'src/index.ts'),
    clean: ['!**/*.d.ts', '!**/*.d.cts', '!runtime.cjs*', '!index.*', '!*/main.cjs', '!signals/*.cjs*'],
  },
  // Decision 0013: files that workers and slots read, and that test files import. The watchdog must start fast, too.
  {
    ...rest,
    ...commonJs,
    ...builtIn,
    entry: ['src/runtime.ts', 'src/signals/watchdog.ts'],
    async onSuccess() {
      for (const name of ['worker', 'slot']) {
        mkdirSync(`dist/${name}`, { recursive: true });
        writeFileSync(`dist/${name}/main.cjs`, `require('../runtime.cjs').${name}();\n`);
      }
      writeFileSync(
        'dist/index.cjs',
        "const { worker, slot, ...index } = require('./runtime.cjs');\nmodule.exports = index;\n",
      );
      writeImports('dist/runtime.cjs');
    },
  },
]);
