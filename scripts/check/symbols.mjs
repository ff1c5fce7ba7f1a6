import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import ts from 'typescript';
import { gate } from './gate.mjs';
import { publicPackages, root } from '../workspace.mjs';

// Checks the declarations, because editors show them to users. `pnpm types` writes them.
const problems = [];
const entries = publicPackages().flatMap(({ path, name, manifest }) =>
  Object.entries(manifest.exports).flatMap(([subpath, target]) => {
    if (typeof target === 'string') return [];
    const file = `${root}/${path}/${target.types}`;
    if (!existsSync(file)) problems.push(`${name} exports ${subpath}: ${target.types} is missing`);
    return existsSync(file) ? [{ file, name: name + subpath.slice(1) }] : [];
  }),
);
const program = ts.createProgram(
  entries.map(({ file }) => file),
  {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  },
);
const checker = program.getTypeChecker();
const seen = new Set();
for (const { file, name } of entries) {
  const module = checker.getSymbolAtLocation(program.getSourceFile(file));
  const symbols = module === undefined ? [] : checker.getExportsOfModule(module);
  if (symbols.length === 0) problems.push(`${name}: exports nothing`);
  for (const exported of symbols) {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    const declaration = symbol.declarations?.[0];
    const source = declaration?.getSourceFile();
    // Skip symbols from outside of our packages: they are documented there.
    if (source === undefined || !source.fileName.startsWith(`${root}/packages/`) || seen.has(symbol)) continue;
    seen.add(symbol);
    const documentation = [exported, symbol].some((one) => one.getDocumentationComment(checker).length > 0);
    if (!documentation) {
      const { line } = source.getLineAndCharacterOfPosition(declaration.getStart());
      problems.push(`${name}: ${exported.name} has no JSDoc (${relative(root, source.fileName)}:${line + 1})`);
    }
  }
}
gate(problems, `${seen.size} public symbols of ${entries.length} entries`);
