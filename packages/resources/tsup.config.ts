import { defineConfig } from 'tsup';
import { base } from '../../tsup.base';

export default defineConfig(
  base([
    'src/burner.ts',
    'src/raise-limit.ts',
    'src/cgroup/leave-group.ts',
    'src/inside/preload.ts',
    'src/memory/memory-hog.ts',
  ]),
);
