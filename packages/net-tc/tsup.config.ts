import { defineConfig } from 'tsup';
import { base } from '../../tsup.base';

export default defineConfig(base(['src/apply/heal-device.ts', 'src/apply/lease-thread.ts']));
