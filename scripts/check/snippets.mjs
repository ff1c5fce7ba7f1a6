import { readFileSync, readdirSync } from 'node:fs';
import ts from 'typescript';
import { gate } from './gate.mjs';
import { publicPackages, root } from '../workspace.mjs';

// Type-checks the ```ts blocks of the documentation as in a user's strict project: as files of tests/, which can import
// @chaos/test; those of a package's README as files of the package. The release dry run also runs the first block of
// each README.
const documents = [
  'README.md',
  ...readdirSync(`${root}/docs/guide`)
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/guide/${file}`),
].map((markdown) => ({ markdown, place: 'tests' }));
documents.push({ markdown: 'CREATING-FAULTS.md', place: 'packages/links/src/faults' });
documents.push({ markdown: 'suites/README.md', place: 'suites' });
documents.push(...publicPackages().map(({ path }) => ({ markdown: `${path}/README.md`, place: path })));

const snippets = new Map();
for (const { markdown, place } of documents) {
  const text = readFileSync(`${root}/${markdown}`, 'utf8');
  for (const { 1: code, index } of text.matchAll(/^```ts\n([^]*?)^```/gm)) {
    snippets.set(`${root}/${place}/snippet-${snippets.size}.ts`, {
      code,
      markdown,
      line: text.slice(0, index).split('\n').length,
    });
  }
}

const { options } = ts.parseJsonConfigFileContent(
  ts.readConfigFile(`${root}/tests/tsconfig.json`, ts.sys.readFile).config,
  ts.sys,
  `${root}/tests`,
);
const host = ts.createCompilerHost(options);
const { getSourceFile, fileExists, readFile } = host;
host.fileExists = (file) => snippets.has(file) || fileExists(file);
host.readFile = (file) => snippets.get(file)?.code ?? readFile(file);
host.getSourceFile = (file, ...rest) =>
  snippets.has(file) ? ts.createSourceFile(file, snippets.get(file).code, rest[0], true) : getSourceFile(file, ...rest);
const program = ts.createProgram(
  [...snippets.keys()],
  { ...options, noUncheckedIndexedAccess: false, exactOptionalPropertyTypes: false },
  host,
);

const problems = [...snippets].flatMap(([file, { markdown, line }]) =>
  ts.getPreEmitDiagnostics(program, program.getSourceFile(file)).map((diagnostic) => {
    const position = diagnostic.file?.getLineAndCharacterOfPosition(diagnostic.start);
    return `${markdown}:${line + 1 + (position?.line ?? 0)}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ')}`;
  }),
);
gate(problems, `${snippets.size} snippets of ${documents.length} documents type-check`);
