import { defineConfig } from 'tsup';
import { base } from '../../tsup.base';

export default defineConfig(
  base([
    'src/process/kill-marked.ts',
    'src/postgres/remove-shared-memory.ts',
    'src/postgres/drop-database.ts',
    'src/redis/flush-database.ts',
  ]),
);
