import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import ts from 'typescript';
import { command } from '../command.mjs';
import { apiReport } from './api-report.mjs';
import { errorCodesPage } from './error-codes.mjs';
import { floors } from './floors.mjs';
import { gate } from './gate.mjs';
import { linkFaultOptionsSource, linkFaultsSource } from './link-faults.mjs';
import { suitesPage } from './suites-page.mjs';
import { members, publicPackages, root } from '../workspace.mjs';

// Documentation that repeats code is generated from it: `pnpm run docs` writes, `pnpm check` compares.
const write = process.argv.includes('--write');
const problems = [];

await whole('packages/links/src/link-faults.ts', linkFaultsSource);
await whole('packages/links/src/options.ts', linkFaultOptionsSource);
for (const member of publicPackages()) await whole(`docs/api/${member.short}.md`, () => apiReport(member));
await whole('docs/reference/configuration.md', configuration);
await whole('packages/cli/chaos.schema.json', configurationSchema);
await whole('docs/reference/errors.md', errorCodesPage);
await whole('docs/reference/exit-codes.md', exitCodes);
await whole('docs/reference/cli.md', commandLine);
await whole('docs/reference/defects.md', defects);
await whole('docs/reference/suites.md', suitesPage);
await whole('docs/reference/checkers/README.md', checkers);
await block('README.md', 'packages', packageTable);
await block('docs/architecture.md', 'floors', floorTable);
everyPackageHasAFloor();
everyFlagExists();
gate(problems, write ? 'written' : 'generated documents equal their sources');

async function whole(file, generate) {
  await settle(
    file,
    generate,
    () => true,
    (_, wanted) => `${wanted.trim()}\n`,
  );
}

async function block(file, name, generate) {
  const place = new RegExp(`(<!-- ${name}:start -->\n)[^]*?(<!-- ${name}:end -->)`);
  await settle(
    file,
    generate,
    (text) => place.test(text),
    (text, wanted) => text.replace(place, (_, start, end) => `${start}${wanted.trim()}\n${end}`),
  );
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
  else if (write) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, merge(current, wanted));
  } else problems.push(`${file}: differs from what the code says; run \`pnpm run docs\` and commit`);
}

async function configuration() {
  const config = await import(`${root}/packages/config/dist/index.js`);
  if (typeof config.configReference !== 'function') throw new Error('@chaos/config exports no configReference()');
  const { SHIPPED } = await import(`${root}/packages/services/dist/descriptions.js`);
  return config.configReference(SHIPPED);
}

async function configurationSchema() {
  const { configSchema } = await import(`${root}/packages/config/dist/index.js`);
  const { SHIPPED } = await import(`${root}/packages/services/dist/descriptions.js`);
  return JSON.stringify(configSchema(SHIPPED), null, 2);
}

// Lists the tests for each defect of the sample service; a defect without a test is a problem.
async function defects() {
  const { output, code } = await command([process.execPath, 'packages/cli/dist/bin.cjs', 'list', '--json'], {
    cwd: root,
  });
  if (code !== 0) throw new Error(output.trim());
  const { tests } = JSON.parse(output);
  tests.sort((left, right) => left.chaosId.localeCompare(right.chaosId, 'en', { numeric: true }));
  const { defectNames } = await import(`${root}/packages/sample-service/dist/index.js`);
  const orphans = defectNames.filter((name) => !tests.some(({ catches }) => catches.includes(name)));
  if (orphans.length > 0) problems.push(`no test is about the defect ${orphans.join(', ')}`);
  const file = ({ location }) => location.file.slice(root.length + 1);
  return `# Tests and defects

Generated from the suites; \`pnpm run docs\` writes it. \`pnpm chaos --variant NAME --retries 0\` starts the sample service with a defect: the tests that are about it fail.

| defect | tests that are about it |
|---|---|
${[...defectNames]
  .sort((left, right) => left.localeCompare(right))
  .map(
    (name) =>
      `| \`${name}\` | ${tests
        .filter(({ catches }) => catches.includes(name))
        .map(({ chaosId }) => chaosId)
        .join(', ')} |`,
  )
  .join('\n')}

| test | what it is for |
|---|---|
${tests.map((test) => `| [${test.chaosId}](../../${file(test)}) | ${test.purpose} |`).join('\n')}`;
}

// The table of models, and the pages beside this one by their titles.
async function checkers() {
  const { MODELS } = await import(`${root}/packages/history/dist/index.js`);
  const folder = `${root}/docs/reference/checkers`;
  const files = existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => file.endsWith('.md') && file !== 'README.md')
        .sort()
    : [];
  const pages = files.map(
    (file) => `- [${/^# (.+)$/m.exec(readFileSync(`${folder}/${file}`, 'utf8'))?.[1] ?? file}](${file})`,
  );
  const rows = MODELS.map(
    ({ name, aliases, family, summary }) =>
      `| \`${name}\` | ${aliases.map((alias) => `\`${alias}\``).join(', ')} | ${family} | ${summary} |`,
  );
  return `# Checkers

Generated from the table of models; \`pnpm docs\` writes it. A model's name or alias is what \`chaos check --model\`, \`check(history, { model })\` and
\`toSatisfyModel(model)\` take. [How to record and judge](../../guide/history.md), [what a file looks like](../history-formats.md)

${pages.length === 0 ? '' : `What each proves, what it cannot, and where it comes from:\n\n${pages.join('\n')}\n\n`}| model | also called | family | a history that passes has proven |
|---|---|---|---|
${rows.join('\n')}`;
}

function exitCodes() {
  const file = `${root}/packages/spec/src/errors/exit-code.ts`;
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true);
  const statement = source.statements.find(ts.isVariableStatement);
  const initializer = statement.declarationList.declarations[0].initializer;
  const literal = ts.isAsExpression(initializer) ? initializer.expression : initializer;
  const rows = literal.properties.map((property) => {
    const comment = property.jsDoc?.[0]?.comment ?? 'Every chosen test ended well: see the rule below.';
    // A row of a table is one line.
    const meaning = comment.replaceAll('\n', ' ');
    return `| ${property.initializer.getText()} | \`${property.name.getText()}\` | ${meaning} |`;
  });
  return `# Exit codes

Generated from \`packages/spec/src/errors/exit-code.ts\`; \`pnpm run docs\` writes it.

| code | name | meaning |
|---|---|---|
${rows.join('\n')}

[Error codes](errors.md) say more than the exit code does. A usage error lists every problem at once, each with its place. After an interruption the run is healed and reported first; a second signal ends it at once,
and the watcher heals what is left.

Code of yours that blocks the main process (a loop in a reporter, a global setup, a global teardown) hears no signal. It is stopped after 1.5 seconds, the place is told, and the run ends and reports as
always; so it is at \`runner.global_timeout_ms\`. A command that is waited for synchronously is killed. Where nothing helps, the process ends 9 seconds after the signal, with the code above but without a report; while
it waits inside the system (a read of a pipe), by SIGKILL.

${readFileSync(`${root}/scripts/check/exit-codes-rule.txt`, 'utf8').trim()}`;
}

async function commandLine() {
  const overview = await help();
  const sections = [];
  const describe = async (...words) => {
    const text = await help(...words);
    const inner = commandsIn(text);
    if (inner.length === 0) sections.push(`## chaos ${words.join(' ')}\n\n\`\`\`\n${text}\n\`\`\``);
    for (const name of inner) await describe(...words, name);
  };
  for (const name of commandsIn(overview)) await describe(name);
  return `# Command line

Generated from the command's own help; \`pnpm run docs\` writes it. \`pnpm chaos [command] [arguments]\` in this repository, \`chaos\` (package \`@chaos/cli\`)
elsewhere. Without a command it is \`run\`. With \`--json\` stdout is JSON alone (\`pnpm -s chaos --json\`). [Exit codes](exit-codes.md)

${sections.join('\n\n')}`;
}

// Returns the names listed below `Commands:`.
function commandsIn(text) {
  const [, list = ''] = text.split(/^Commands:$/m);
  return [...list.matchAll(/^ {2}([a-z-]+)(?:\|[a-z]+)?(?= |$)/gm)]
    .map(([, name]) => name)
    .filter((name) => name !== 'help');
}

async function help(...words) {
  const { code, output } = await command([process.execPath, 'packages/cli/dist/bin.cjs', ...words, '--help'], {
    env: { NO_COLOR: '1', COLUMNS: '120' },
    timeoutMs: 20_000,
  });
  if (code !== 0)
    throw new Error(`chaos ${words.join(' ')} --help ended with ${code}: ${output.trim().split('\n').at(0)}`);
  return output.trim();
}

// A flag named in the configuration reference must exist in the command.
function everyFlagExists() {
  const [promised, known] = ['configuration', 'cli'].map((name) => {
    const file = `${root}/docs/reference/${name}.md`;
    return new Set(existsSync(file) ? readFileSync(file, 'utf8').match(/--[a-z][a-z-]+/g) : []);
  });
  for (const flag of promised)
    if (!known.has(flag)) problems.push(`docs/reference/configuration.md: promises ${flag}, which no command has`);
}

function packageTable() {
  const rows = members('packages').map(
    ({ name, path, manifest }) => `| [\`${name}\`](${path}/README.md) | ${manifest.description} |`,
  );
  return `| package | what it is |\n|---|---|\n${rows.join('\n')}`;
}

function floorTable() {
  const built = new Set(members('packages').map(({ short }) => short));
  const rows = Object.entries(floors)
    .filter(([name]) => built.has(name))
    .sort(([, a], [, b]) => a.floor - b.floor)
    .map(
      ([name, { floor, may }]) =>
        `| ${floor} | \`@chaos/${name}\` | ` +
        `${may.length === 0 ? '-' : [...may].filter((other) => built.has(other)).join(', ')} |`,
    );
  return `| floor | package | may import of ours |\n|---|---|---|\n${rows.join('\n')}\n| 6 | \`suites/*\` | test |`;
}

function everyPackageHasAFloor() {
  for (const { short } of members('packages'))
    if (floors[short] === undefined) problems.push(`packages/${short}: has no floor in scripts/check/floors.mjs`);
}
