import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import ts from 'typescript';
import { floors } from './floors.mjs';
import { gate } from './gate.mjs';
import { members, root } from '../workspace.mjs';

// Documentation that repeats code is generated from it: `pnpm docs` writes, `pnpm check` compares.
const write = process.argv.includes('--write');
const problems = [];

await whole('docs/reference/configuration.md', configuration);
await whole('docs/reference/exit-codes.md', exitCodes);
await block('README.md', 'packages', packageTable);
await block('docs/architecture.md', 'floors', floorTable);
everyPackageHasAFloor();
gate(problems, write ? 'written' : 'generated documents equal their sources');

async function whole(file, generate) {
  await settle(file, generate, () => true, (_, wanted) => `${wanted.trim()}\n`);
}

async function block(file, name, generate) {
  const place = new RegExp(`(<!-- ${name}:start -->\n)[^]*?(<!-- ${name}:end -->)`);
  await settle(file, generate, (text) => place.test(text), (text, wanted) => text.replace(place, (_, start, end) => `${start}${wanted.trim()}\n${end}`));
}

async function settle(file, generate, hasPlace, merge) {
  const path = `${root}/${file}`;
  const current = existsSync(path) ? readFileSync(path, 'utf8') : '';
  let wanted;
  try {
    wanted = await generate();
  } catch (error) {
    problems.push(`${file}: cannot be generated: ${error.message}`);
    return;
  }
  if (!hasPlace(current)) problems.push(`${file}: the markers of the generated part are missing`);
  else if (merge(current, wanted) === current) return;
  else if (write) writeFileSync(path, merge(current, wanted));
  else problems.push(`${file}: differs from what the code says; run \`pnpm docs\` and commit`);
}

async function configuration() {
  const config = await import(`${root}/packages/config/dist/index.js`);
  if (typeof config.configReference !== 'function') throw new Error('@chaos/config exports no configReference()');
  return config.configReference();
}

function exitCodes() {
  const file = `${root}/packages/spec/src/exit-code.ts`;
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true);
  const statement = source.statements.find(ts.isVariableStatement);
  const initializer = statement.declarationList.declarations[0].initializer;
  const literal = ts.isAsExpression(initializer) ? initializer.expression : initializer;
  const rows = literal.properties.map((property) => {
    const meaning = property.jsDoc?.[0]?.comment ?? 'Every test passed, was skipped, or was inconclusive within the limit.';
    return `| ${property.initializer.getText()} | \`${property.name.getText()}\` | ${meaning} |`;
  });
  return `# Exit codes

Generated from \`packages/spec/src/exit-code.ts\`; \`pnpm docs\` writes it.

| code | name | meaning |
|---|---|---|
${rows.join('\n')}

A usage error lists every problem at once, each with its place. After an interruption the run is healed and reported first; a second signal ends it at once,
and the watcher heals what is left.`;
}

function packageTable() {
  const rows = members('packages').map(({ name, path, manifest }) => `| [\`${name}\`](${path}/README.md) | ${manifest.description} |`);
  return `| package | what it is |\n|---|---|\n${rows.join('\n')}`;
}

function floorTable() {
  const built = new Set(members('packages').map(({ short }) => short));
  const rows = Object.entries(floors)
    .filter(([name]) => built.has(name))
    .sort(([, a], [, b]) => a.floor - b.floor)
    .map(([name, { floor, may }]) => `| ${floor} | \`@chaos/${name}\` | ${may.length === 0 ? '-' : [...may].filter((other) => built.has(other)).join(', ')} |`);
  return `| floor | package | may import of ours |\n|---|---|---|\n${rows.join('\n')}\n| 6 | \`suites/*\` | test |`;
}

function everyPackageHasAFloor() {
  for (const { short } of members('packages')) if (floors[short] === undefined) problems.push(`packages/${short}: has no floor in scripts/check/floors.mjs`);
}
