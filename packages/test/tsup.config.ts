import { defineConfig } from 'tsup';
import { once } from '../../tsup.base';

export default defineConfig(
  once(['src/slot/service-slot.ts', 'src/slot/links-slot.ts', 'src/slot/dns-slot.ts', 'src/slot/target-slot.ts']),
);
