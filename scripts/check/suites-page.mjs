import { existsSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { command } from '../command.mjs';
import { root } from '../workspace.mjs';

const MEASURED = 'docs/benchmarks/suites.json';
const CATEGORIES = {
  auth: 'Who is let in while the issuer of tokens fails, rotates keys, or lies.',
  cache: 'What readers see while Redis is away, slow, full, or holds something old.',
  concurrency: 'What holds while many do the same at the same time.',
  database: 'What PostgreSQL acknowledged, refused or lost, and whether the service said the same.',
  network: 'What the service does while packets are late, lost, or cut in the middle.',
  resource: 'What it does while memory, disk, processor, descriptors or threads run out.',
};

/** `docs/reference/suites.md`: each test with its purpose, faults, judgements, needs, time and defects. */
export async function suitesPage() {
  const { output, code } = await command([process.execPath, 'packages/cli/dist/bin.cjs', 'list', '--json'], {
    cwd: root,
  });
  if (code !== 0) throw new Error(output.trim());
  const { tests } = JSON.parse(output);
  const measured = existsSync(`${root}/${MEASURED}`)
    ? JSON.parse(readFileSync(`${root}/${MEASURED}`, 'utf8')).tests
    : {};
  const sections = Object.entries(CATEGORIES).map(([category, about]) => {
    const own = tests
      .filter((test) => test.path.startsWith(`suites/${category}/`))
      .toSorted((one, other) => one.chaosId.localeCompare(other.chaosId, 'en', { numeric: true }));
    return `## ${category}\n\n${about} ${own.length} tests.\n\n${own.map((test) => entry(test, measured[test.chaosId])).join('\n\n')}`;
  });
  return `# The tests of the suites

Generated from the suites and from [what \`pnpm bench suites\` measured](../benchmarks/suites.md); \`pnpm run docs\` writes it.
How to read and use them: [the guide](../guide/suites.md). Which test caught which defect: [detection](detection.md).

${sections.join('\n\n')}`;
}

function entry(test, figures) {
  const lacking = test.requires.length > 0 ? `; requires ${test.requires.map(quoted).join(', ')}` : '';
  const lines = [
    ['fault', (figures?.faults ?? []).join(', ')],
    ['judged by', judgements(`${root}/${test.path}`, test.location.line).map(quoted).join(', ')],
    ['needs', `${test.needs.map(quoted).join(', ')}${lacking}`],
    ['time', timeOf(figures)],
    ['catches', test.catches.map(quoted).join(', ')],
  ].filter(([, text]) => text !== '');
  return `### ${test.chaosId} [${test.title}](../../${test.path})

${test.purpose}

${lines.map(([name, text]) => `- **${name}**: ${text}`).join('\n')}`;
}

function timeOf(figures) {
  if (figures?.ms === undefined) return '';
  const recovery = figures.recoveryMs === undefined ? '' : `, of which recovery ${seconds(figures.recoveryMs)}`;
  return `${seconds(figures.ms)}${recovery}`;
}

const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;
const quoted = (text) => `\`${text}\``;

/** The matchers that a test calls, in the order of its source; those of its helpers are not seen. */
function judgements(file, line) {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true);
  const statement = source.statements.find(
    (each) => source.getLineAndCharacterOfPosition(each.getStart(source)).line === line - 1,
  );
  const found = new Set();
  const visit = (node) => {
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const { name } = node.expression;
      if (/^to[A-Z]/.test(name.text)) found.add(name.text);
    }
    ts.forEachChild(node, visit);
  };
  if (statement !== undefined) visit(statement);
  return [...found];
}
