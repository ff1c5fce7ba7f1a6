import { defineConfig, type Options } from 'tsup';
import { base } from '../../tsup.base';

const node = base();

// The page: one classic script and one style sheet, with Preact and uPlot built in, so that it opens from disk.
const page: Options = {
  entry: { app: 'src/page/main.tsx' },
  outDir: 'dist/page',
  format: ['iife'],
  outExtension: () => ({ js: '.js' }),
  target: 'es2022',
  platform: 'browser',
  minify: true,
  treeshake: true,
  noExternal: [/./],
  clean: false,
  dts: false,
  silent: true,
  esbuildOptions(options) {
    options.jsx = 'automatic';
    options.jsxImportSource = 'preact';
    options.legalComments = 'inline';
  },
};

export default defineConfig([{ ...node, clean: [...(node.clean as string[]), '!page/**'] }, page]);
