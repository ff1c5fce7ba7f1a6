import { bin, command } from '../command.mjs';
import { gate } from './gate.mjs';

// `pnpm format` fixes these problems. The cache is in node_modules, keyed by content.
const { code, output } = await command([
  ...bin('prettier'),
  '--check',
  '--cache',
  '--cache-strategy=content',
  '--log-level=warn',
  '**/*.{ts,tsx,mts,cts,mjs,cjs,js,json}',
]);
gate(code === 0 ? [] : output.trim().split('\n'), 'everything formatted by Prettier');
