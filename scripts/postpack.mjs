import { readFileSync, writeFileSync } from 'node:fs';

// After npm has packed: the ranges of the workspace that scripts/prepack.mjs wrote versions for. Ours depend on each
// other in no other way.
if (process.env.npm_config_user_agent?.startsWith('npm/')) {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
  const { dependencies = {} } = manifest;
  for (const name of Object.keys(dependencies)) if (name.startsWith('@chaos/')) dependencies[name] = 'workspace:^';
  writeFileSync('package.json', `${JSON.stringify(manifest, null, 2)}\n`);
}
