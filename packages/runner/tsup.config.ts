import { defineConfig } from 'tsup';
import { base } from '../../tsup.base';

export default defineConfig(base(['src/worker/main.ts', 'src/slot/main.ts', 'src/ledger/watcher.ts', 'src/execute/locator.ts']));
