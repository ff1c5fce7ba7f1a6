#!/usr/bin/env node
'use strict';

// Committed, so that package managers can link `chaos` in a clone that is not built yet. All it does is to start
// dist/bin.cjs, the built command.
const { existsSync } = require('node:fs');
const { join, resolve } = require('node:path');

const built = join(__dirname, '..', 'dist', 'bin.cjs');
if (existsSync(built)) {
  require(built);
} else {
  const root = resolve(__dirname, '..', '..', '..');
  process.stderr.write(`Cannot run chaos: it is not built (no ${built}); run \`npx -y pnpm@10 build\` in ${root}\n`);
  // As the command has it where the environment cannot be set up.
  process.exitCode = 3;
}
