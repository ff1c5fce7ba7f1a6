import { defineConfig } from 'tsup';
import { once } from '../../tsup.base';

// Test files load the names of the faults of links, and no proxy with them; what is stateless is bundled (decision 0013).
const built = once([
  'src/slot/service-slot.ts',
  'src/slot/links-slot.ts',
  'src/slot/dns-slot.ts',
  'src/slot/target-slot.ts',
  'src/slot/target/external/undo-external.ts',
]);

export default defineConfig(
  built.map((options) => ({ ...options, noExternal: ['@chaos/links/faults', '@chaos/env/process'] })),
);
