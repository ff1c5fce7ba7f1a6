import { existsSync, readFileSync, readdirSync } from 'node:fs';
import ts from 'typescript';
import { gate } from './gate.mjs';
import { members, root } from '../workspace.mjs';

// The ```ts blocks of the documentation are type-checked as files of tests/, which sees @chaos/test; those of a package as files of that package.
const documents = [
  { markdown: 'README.md', home: 'tests' },
  ...readdirSync(`${root}/docs/guide`).map((file) => ({ markdown: `docs/guide/${file}`, home: 'tests' })),
  ...members('packages').map(({ path }) => ({ markdown: `${path}/README.md`, home: path })),
].filter(({ markdown }) => existsSync(`${root}/${markdown}`));

const snippets = new Map();
for (const { markdown, home } of documents) {
  const text = readFileSync(`${root}/${markdown}`, 'utf8');
  for (const { 1: code, index } of text.matchAll(/^```ts\n([^]*?)^```/gm)) {
    snippets.set(`${root}/${home}/snippet-${snippets.size}.ts`, { code, markdown, line: text.slice(0, index).split('\n').length });
  }
}

const { options } = ts.parseJsonConfigFileContent(ts.readConfigFile(`${root}/tests/tsconfig.json`, ts.sys.readFile).config, ts.sys, `${root}/tests`);
const host = ts.createCompilerHost(options);
const { getSourceFile, fileExists, readFile } = host;
host.fileExists = (file) => snippets.has(file) || fileExists(file);
host.readFile = (file) => snippets.get(file)?.code ?? readFile(file);
host.getSourceFile = (file, ...rest) => (snippets.has(file) ? ts.createSourceFile(file, snippets.get(file).code, rest[0], true) : getSourceFile(file, ...rest));
const program = ts.createProgram([...snippets.keys()], { ...options, isolatedDeclarations: false, declaration: false }, host);

const problems = [...snippets].flatMap(([file, { markdown, line }]) =>
  ts.getPreEmitDiagnostics(program, program.getSourceFile(file)).map((diagnostic) => {
    const position = diagnostic.file?.getLineAndCharacterOfPosition(diagnostic.start);
    return `${markdown}:${line + 1 + (position?.line ?? 0)}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ')}`;
  }),
);
gate(problems, `${snippets.size} snippets of ${documents.length} documents type-check`);
