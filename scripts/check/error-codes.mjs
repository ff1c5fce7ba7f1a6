import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { root } from '../workspace.mjs';

const FILE = 'packages/spec/src/errors/error-code.ts';

/** The members of `ErrorCodes`: `{ code, what, why, fix }`; missing texts are ''. */
export function errorCodes() {
  const source = ts.createSourceFile(FILE, readFileSync(`${root}/${FILE}`, 'utf8'), ts.ScriptTarget.ES2022, true);
  const declaration = source.statements.find(
    (statement) => ts.isInterfaceDeclaration(statement) && statement.name.text === 'ErrorCodes',
  );
  return declaration.members.map((member) => {
    const [doc] = member.jsDoc ?? [];
    const tag = (name) => text(doc?.tags?.find(({ tagName }) => tagName.text === name)?.comment);
    return { code: member.name.text, what: text(doc?.comment), why: tag('why'), fix: tag('fix') };
  });
}

/** `docs/reference/errors.md`. */
export function errorCodesPage() {
  const sections = errorCodes().map(
    ({ code, what, why, fix }) => `## ${code}\n\n${what}\n\n- **Why**: ${why}\n- **Fix**: ${fix}`,
  );
  return `# Error codes

Generated from \`${FILE}\`; \`pnpm run docs\` writes it.

An error of ours has a \`code\`, a \`hint\` and \`data\`. In code: \`isChaosError(error, 'TOO_FEW_SAMPLES')\` of \`@chaos/spec\`.
In reports: \`code\` of each error. Wrong arguments are plain \`TypeError\` and \`RangeError\`. [Exit codes](exit-codes.md)

${sections.join('\n\n')}`;
}

// One paragraph is one line of the page.
const text = (comment) => (ts.getTextOfJSDocComment(comment) ?? '').trim().replaceAll(/(?<!\n)\n(?!\n)/g, ' ');
