import { defineConfig } from 'tsup';
import { base } from '../../tsup.base';

export default defineConfig(
  base([
    'src/lease/guard-process.ts',
    'src/restore/heal-device.ts',
    'src/lease/lease-thread.ts',
    'src/verify/probe-process.ts',
  ]),
);
