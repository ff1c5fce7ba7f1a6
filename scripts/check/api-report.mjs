import { readFileSync, readdirSync } from 'node:fs';
import ts from 'typescript';
import { root } from '../workspace.mjs';

const printer = ts.createPrinter({ removeComments: true });

/**
 * `docs/api/<package>.md`: everything that a package's declarations say, without comments and in the order of names, so
 * that a change of the public API is a change of a checked-in file. Reads what the task `types` has written.
 */
export function apiReport({ name, path, manifest }) {
  const dist = `${root}/${path}/dist`;
  const entries = Object.entries(manifest.exports)
    .filter(([, target]) => typeof target === 'object')
    .map(([subpath, { types }]) => ({ title: `\`${name}${subpath.slice(1)}\``, file: types.replace('./dist/', '') }));
  const parts = readdirSync(dist, { recursive: true })
    .filter((file) => /^shared\/.*\.d\.ts$/.test(file))
    .sort((left, right) => (left < right ? -1 : 1))
    .map((file) => ({ title: `\`./${file.replace('.d.ts', '.js')}\`: part of several entries`, file }));
  const sections = [...entries, ...parts].map(
    ({ title, file }) => `## ${title}\n\n\`\`\`ts\n${declarations(`${dist}/${file}`).join('\n')}\n\`\`\``,
  );
  return `# API of \`${name}\`

Generated from the declarations; \`pnpm run docs\` writes it. Names without \`export\` are only part of others.

${sections.join('\n\n')}`;
}

function declarations(file) {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true);
  const exported = new Map();
  const handedOn = [];
  const own = [];
  for (const statement of source.statements) {
    if (ts.isExportDeclaration(statement)) {
      for (const { name, propertyName, isTypeOnly } of statement.exportClause?.elements ?? []) {
        const { moduleSpecifier } = statement;
        const text = propertyName === undefined ? name.text : `${propertyName.text} as ${name.text}`;
        const kind = isTypeOnly || statement.isTypeOnly ? 'type ' : '';
        if (moduleSpecifier === undefined) exported.set((propertyName ?? name).text, { text, kind });
        else handedOn.push({ name: name.text, code: `export { ${kind}${text} } from ${moduleSpecifier.getText()};` });
      }
    } else if (!ts.isImportDeclaration(statement)) {
      own.push({ name: nameOf(statement), code: printer.printNode(ts.EmitHint.Unspecified, statement, source) });
    }
  }
  const isOwn = new Set(own.map(({ name }) => name));
  for (const [local, { text, kind }] of exported)
    if (!isOwn.has(local) || text !== local) handedOn.push({ name: text, code: `export { ${kind}${text} };` });
  const lines = own.map(({ name, code }) => {
    const isExported = exported.get(name)?.text === name;
    return { name, code: isExported ? `export ${code.replace(/^declare /, '')}` : code.replace(/^declare /, '') };
  });
  // Overloads stay in their order.
  return [...lines, ...handedOn]
    .sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)))
    .map(({ code }) => code);
}

function nameOf(statement) {
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations[0].name.getText();
  return statement.name?.getText() ?? '';
}
