import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';
import ts from 'typescript';

// Last part of the task `types`, in the folder of a package: tsc wrote a declaration for each file to `.tsc`; here they
// become one for each entry of package.json, in `dist`. What several entries share is a file of its own, so that a
// class stays one class. See docs/decisions/0016.
const { exports } = JSON.parse(readFileSync('package.json', 'utf8'));
const targets = Object.values(exports).filter((target) => typeof target === 'object');
const entries = targets.map(({ types }) => types.replace(/^\.\/dist\/(.*)\.d\.ts$/, '$1'));

mkdirSync('dist', { recursive: true });
for (const file of readdirSync('dist', { recursive: true }))
  if (/\.d\.c?ts(\.map)?$/.test(file)) rmSync(`dist/${file}`);

const bundle = await rollup({
  input: Object.fromEntries(entries.map((entry) => [entry, `.tsc/${entry}.d.ts`])),
  external: (id) => !/^[./]/.test(id),
  plugins: [dts()],
  onwarn(warning) {
    if (warning.code !== 'EMPTY_BUNDLE') throw new Error(warning.message);
  },
});
const { output } = await bundle.generate({
  entryFileNames: '[name].d.ts',
  chunkFileNames: ({ name }) => `shared/${name.replace(/\.d$/, '')}.d.ts`,
  minifyInternalExports: false,
  hoistTransitiveImports: false,
});
await bundle.close();
for (const chunk of output) {
  const { fileName } = chunk;
  const code = chunk.isEntry ? keepTypeOnly(chunk.code, typeOnlyNames(`.tsc/${fileName}`)) : chunk.code;
  mkdirSync(dirname(`dist/${fileName}`), { recursive: true });
  writeFileSync(`dist/${fileName}`, needsNode(code) ? `/// <reference types="node" />\n${code}` : code);
}
for (const { require: commonJs } of targets)
  if (commonJs !== undefined) writeFileSync(commonJs.types, declarationsForRequire(commonJs.types));

// Names that an entry exports only as types, including classes that users must not construct.
function typeOnlyNames(file) {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022);
  return source.statements
    .filter((statement) => ts.isExportDeclaration(statement) && statement.exportClause?.elements !== undefined)
    .flatMap(({ isTypeOnly, exportClause }) => exportClause.elements.filter((one) => isTypeOnly || one.isTypeOnly))
    .map(({ name }) => name.text);
}

// The bundler turns classes exported by `export type` into values.
function keepTypeOnly(code, names) {
  return code.replace(/^export \{ (.*) \}/gm, (_, list) => {
    const marked = list.split(', ').map((one) => (names.includes(one.split(' as ').at(-1)) ? `type ${one}` : one));
    return `export { ${marked.join(', ')} }`;
  });
}

// Globals that only @types/node declares for a project without the library of browsers.
function needsNode(code) {
  return /\bfrom 'node:|\bimport\('node:|\b(AbortSignal|AbortController|Buffer|NodeJS|URL|AsyncDisposable|Disposable|Headers|Response)\b/.test(
    code,
  );
}

/**
 * The declarations of a CommonJS entry, out of those of the ES module beside it: the same types, so that one may be
 * passed where the other is expected. A plain `export *` of an ES module is an error there under `module: node16`.
 */
function declarationsForRequire(file) {
  const name = `./${file
    .split('/')
    .at(-1)
    .replace(/\.d\.cts$/, '.js')}`;
  const esm = file.replace(/\.d\.cts$/, '.d.ts');
  const program = programOfOurs(esm);
  const checker = program.getTypeChecker();
  const mode = `with { 'resolution-mode': 'import' }`;
  const lines = [`import type * as module_ from '${name}' ${mode};`, `export type * from '${name}' ${mode};`];
  for (const exported of checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(esm)))) {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    const isType = exported.declarations?.some((one) => ts.isTypeOnlyImportOrExportDeclaration(one)) === true;
    if (isType || !(symbol.flags & ts.SymbolFlags.Value)) continue;
    const text = ts.displayPartsToString(symbol.getDocumentationComment(checker));
    if (text !== '') lines.push(`/** ${text.replaceAll('\n', '\n * ')} */`);
    if (exported.name === 'default') {
      lines.push('declare const default_: typeof module_.default;', 'export { default_ as default };');
      continue;
    }
    lines.push(`export declare const ${exported.name}: typeof module_.${exported.name};`);
    if (symbol.flags & ts.SymbolFlags.Type) lines.push(`export type ${exported.name} = module_.${exported.name};`);
  }
  return `${lines.join('\n')}\n`;
}

// Only names are asked for, which are of our packages: without the declarations of node, the language and others it
// takes a tenth of the time.
function programOfOurs(file) {
  const options = { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2022, noLib: true, types: [] };
  const host = ts.createCompilerHost(options);
  host.resolveModuleNameLiterals = (literals, from, _redirected, settings) =>
    literals.map(({ text }) =>
      /^(\.|@chaos\/)/.test(text)
        ? ts.resolveModuleName(text, from, settings, host, undefined, undefined, ts.ModuleKind.ESNext)
        : { resolvedModule: undefined },
    );
  host.resolveTypeReferenceDirectiveReferences = (references) =>
    references.map(() => ({ resolvedTypeReferenceDirective: undefined }));
  return ts.createProgram([file], options, host);
}
