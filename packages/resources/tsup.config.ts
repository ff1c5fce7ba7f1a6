import { defineConfig } from 'tsup';
import { base } from '../../tsup.base';

export default defineConfig(base(['src/burner.ts', 'src/raise-limit.ts']));
