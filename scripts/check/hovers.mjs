import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { gate } from './gate.mjs';
import { root } from '../workspace.mjs';

// What an editor shows where a test author points at something of ours: it has a description, and every type of ours
// that it names can be imported from @chaos/test. The example has a line for each thing that an author uses; the
// members of every type that @chaos/test exports have a description, whether they are in the example or not.
const example = `${root}/scripts/check/hovers-example.txt`;
const file = `${root}/tests/hovers-example.ts`;
const text = readFileSync(example, 'utf8');
const { options } = ts.parseJsonConfigFileContent(
  ts.readConfigFile(`${root}/tests/tsconfig.json`, ts.sys.readFile).config,
  ts.sys,
  `${root}/tests`,
);
const read = (name) => (name === file ? text : ts.sys.readFile(name));
const service = ts.createLanguageService({
  getCompilationSettings: () => ({ ...options, noUnusedLocals: false }),
  getScriptFileNames: () => [file],
  getScriptVersion: () => '1',
  getScriptSnapshot: (name) => {
    const content = read(name);
    return content === undefined ? undefined : ts.ScriptSnapshot.fromString(content);
  },
  getCurrentDirectory: () => `${root}/tests`,
  getDefaultLibFileName: ts.getDefaultLibFilePath,
  fileExists: (name) => name === file || ts.sys.fileExists(name),
  readFile: read,
  readDirectory: ts.sys.readDirectory,
  directoryExists: ts.sys.directoryExists,
  getDirectories: ts.sys.getDirectories,
  realpath: ts.sys.realpath,
});

const program = service.getProgram();
const checker = program.getTypeChecker();
const source = program.getSourceFile(file);
const problems = program
  .getSemanticDiagnostics(source)
  .map(
    ({ start, messageText }) =>
      `hovers-example.txt:${lineOf(start)}: does not compile: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
  );
const exported = source.statements
  .filter(ts.isImportDeclaration)
  .flatMap(({ moduleSpecifier }) => checker.getExportsOfModule(checker.getSymbolAtLocation(moduleSpecifier)));
const importable = new Set(exported.map(({ name }) => name));
const seen = new Set();
const members = new Set();
let own;
visit(source);
for (const symbol of exported) judgeMembers(symbol);
gate(problems, `${seen.size} hovers of a test author, ${members.size} members: described, of types to be imported`);

function visit(node) {
  if (ts.isIdentifier(node)) judge(node);
  ts.forEachChild(node, visit);
}

function judge(identifier) {
  const symbol = checker.getSymbolAtLocation(identifier);
  const target = declaredByUs(symbol) ? symbol : propertyOf(identifier);
  if (target === undefined || !declaredByUs(target)) return;
  const { displayParts = [], documentation = [] } = service.getQuickInfoAtPosition(file, identifier.getStart()) ?? {};
  const shown = ts.displayPartsToString(displayParts);
  if (seen.has(shown)) return;
  seen.add(shown);
  const place = `hovers-example.txt:${lineOf(identifier.getStart())}: ${identifier.text}`;
  if (documentation.length === 0) problems.push(`${place} has no description\n    ${shown.replaceAll('\n', '\n    ')}`);
  const hidden = namesIn(displayParts).filter((name) => !importable.has(name) && ours().has(name));
  if (hidden.length > 0)
    problems.push(`${place} shows ${[...new Set(hidden)].join(', ')}, not of @chaos/test\n    ${shown.slice(0, 400)}`);
}

/** A parameter `{ target }` is the fixture of that name, and a key of an object what the object is to be. */
function propertyOf({ text: name, parent }) {
  if (ts.isBindingElement(parent))
    return checker.getTypeAtLocation(parent.parent).getProperty(parent.propertyName?.text ?? name);
  if (ts.isPropertyAssignment(parent) && parent.name.text === name)
    return checker.getContextualType(parent.parent)?.getNonNullableType().getProperty(name);
  return undefined;
}

function judgeMembers(symbol) {
  const type = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  if (!(type.flags & ts.SymbolFlags.Type)) return;
  for (const member of checker.getDeclaredTypeOfSymbol(type).getProperties()) {
    if (!declaredByUs(member) || /^(__|#)/.test(member.name) || members.has(member)) continue;
    members.add(member);
    if (member.getDocumentationComment(checker).length === 0)
      problems.push(`@chaos/test: ${symbol.name}.${member.name} has no description`);
  }
}

function declaredByUs(symbol) {
  if (symbol === undefined) return false;
  const resolved = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return resolved.declarations?.some((one) => isOurs(one.getSourceFile())) === true;
}

function isOurs({ fileName }) {
  return fileName.startsWith(`${root}/packages/`) && !fileName.includes('node_modules');
}

function namesIn(displayParts) {
  const kinds = ['aliasName', 'interfaceName', 'className', 'enumName'];
  return displayParts.filter(({ kind }) => kinds.includes(kind)).map(({ text: name }) => name);
}

/** Every type that a declaration of ours declares. */
function ours() {
  own ??= new Set(
    program
      .getSourceFiles()
      .filter(isOurs)
      .flatMap(({ statements }) => [...statements])
      .flatMap(({ name }) => (name === undefined ? [] : [name.text])),
  );
  return own;
}

function lineOf(position) {
  return source.getLineAndCharacterOfPosition(position).line + 1;
}
