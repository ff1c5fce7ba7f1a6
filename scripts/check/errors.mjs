import { readFileSync, readdirSync } from 'node:fs';
import ts from 'typescript';
import { errorCodes } from './error-codes.mjs';
import { gate } from './gate.mjs';
import { members, root } from '../workspace.mjs';

// The compiler refuses a code that is not in `ErrorCodes`. This gate finds the other problems: codes behind a cast,
// codes that are never thrown, and codes without an explanation.
const known = errorCodes();
const problems = known.flatMap(({ code, what, why, fix }) =>
  Object.entries({ sentence: what, '@why': why, '@fix': fix })
    .filter(([, text]) => text === '')
    .map(([part]) => `packages/spec/src/errors/error-code.ts: ${code} has no ${part}`),
);
const thrown = new Map();

for (const { path } of members('packages')) {
  for (const file of readdirSync(`${root}/${path}/src`, { recursive: true })) {
    if (!file.endsWith('.ts') || file.includes('.test.')) continue;
    const text = readFileSync(`${root}/${path}/src/${file}`, 'utf8');
    if (/ChaosError|ErrorCode/.test(text)) collect(`${path}/src/${file}`, text);
  }
}
for (const { code } of known)
  if (!thrown.has(code)) problems.push(`packages/spec/src/errors/error-code.ts: ${code} is thrown nowhere; remove it`);
for (const [code, place] of thrown)
  if (!known.some((one) => one.code === code))
    problems.push(`${place}: ${code} is not in packages/spec/src/errors/error-code.ts; add it with @why and @fix`);
gate(problems, `${known.length} error codes, each thrown and explained`);

function collect(name, text) {
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.ES2022, true);
  const note = (node) => {
    const expression =
      ts.isAsExpression(node ?? source) || ts.isSatisfiesExpression(node ?? source) ? node.expression : node;
    if (expression === undefined || !ts.isStringLiteral(expression) || thrown.has(expression.text)) return;
    thrown.set(expression.text, `${name}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`);
  };
  const visit = (node) => {
    if (ts.isNewExpression(node) && node.expression.getText() === 'ChaosError') note(node.arguments?.[0]);
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.SuperKeyword && extendsChaosError(node))
      note(node.arguments[0]);
    if (ts.isSatisfiesExpression(node) && node.type.getText() === 'ErrorCode') note(node);
    ts.forEachChild(node, visit);
  };
  visit(source);
}

function extendsChaosError(node) {
  let owner = node;
  while (owner !== undefined && !ts.isClassDeclaration(owner)) owner = owner.parent;
  return owner?.heritageClauses?.some((clause) => /^extends ChaosError\b/.test(clause.getText())) === true;
}
