import { defineConfig } from 'tsup';
import { once } from '../../tsup.base';

export default defineConfig(
  once([
    'src/slot/postgres-slot.ts',
    'src/slot/redis-slot.ts',
    'src/slot/jwks-slot.ts',
    'src/slot/links-slot.ts',
    'src/slot/dns-slot.ts',
    'src/slot/target-slot.ts',
  ]),
);
