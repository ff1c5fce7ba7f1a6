import { defineConfig } from 'tsup';
import { base } from '../../tsup.base';

export default defineConfig(
  base([
    'src/apply/guard-process.ts',
    'src/apply/heal-device.ts',
    'src/apply/lease-thread.ts',
    'src/verify/probe-process.ts',
  ]),
);
