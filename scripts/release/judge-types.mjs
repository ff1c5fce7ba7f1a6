import { readFileSync, readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import ts from 'typescript';
import { bin, command } from '../command.mjs';
import { pool } from '../pool.mjs';
import { root } from '../workspace.mjs';
import { installTarballs } from './install-tarballs.mjs';
import { readSnippets } from './read-snippets.mjs';

const STRICT = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  skipLibCheck: false,
  target: 'es2022',
  lib: ['es2023', 'esnext.disposable'],
  types: ['node'],
};
const MODES = [
  { module: 'node16', moduleResolution: 'node16' },
  { module: 'nodenext', moduleResolution: 'nodenext' },
  { module: 'preserve', moduleResolution: 'bundler' },
];
const TSC_MS = 120_000;

/**
 * Judges the declarations of packed packages as a strict project of their user does, in each way to resolve modules:
 * every entry imported, required where that is declared, and each README's snippet. They are installed into one
 * project, in which each sees nothing but its own dependencies all the same (pnpm without hoisting). Returns problems.
 */
export async function judgeTypes(packages, tarballs, folder) {
  const project = `${folder}/types`;
  await mkdir(project, { recursive: true });
  const names = packages.map(({ name }) => name);
  const installed = await installTarballs({ project, names, tarballs, devDependencies: { '@types/node': '^20.19.0' } });
  if (installed.code !== 0) return [`Cannot install them together:\n${installed.output}`];

  const problems = packages.flatMap(({ name }) => judgeDeclarations(`${project}/node_modules/${name}`));
  const entries = packages.flatMap(({ name, manifest }) =>
    Object.entries(manifest.exports)
      .filter(([, target]) => typeof target === 'object')
      .map(([subpath, target]) => ({ specifier: name + subpath.slice(1), isCommonJs: 'require' in target })),
  );
  const all = (list) => list.map(({ specifier }, i) => `export * as e${i} from '${specifier}';\n`).join('');
  await writeFile(`${project}/entries.ts`, all(entries));
  await writeFile(`${project}/required.cts`, all(entries.filter(({ isCommonJs }) => isCommonJs)));
  const snippets = packages.flatMap(({ short, path }) =>
    readSnippets(`${root}/${path}/README.md`).map((text, i) => ({ file: `snippet-${short}-${i}.ts`, text })),
  );
  for (const { file, text } of snippets) await writeFile(`${project}/${file}`, text);

  const told = await pool(2, MODES, async (mode) => {
    const required = mode.moduleResolution === 'bundler' ? [] : ['required.cts'];
    const files = ['entries.ts', ...required, ...snippets.map(({ file }) => file)];
    const config = `tsconfig.${mode.module}.json`;
    await writeFile(`${project}/${config}`, JSON.stringify({ compilerOptions: { ...STRICT, ...mode }, files }));
    const { code, output } = await command([...bin('tsc'), '-p', config, '--pretty', 'false'], {
      cwd: project,
      timeoutMs: TSC_MS,
    });
    return code === 0 ? [] : [`strict tsc under ${mode.moduleResolution}:\n${output}`];
  });
  return problems.concat(told.flat());
}

/**
 * The declarations of one installed package: what they import has to be a dependency (another package of the same
 * project hides that it is not), and each has to be part of an entry (others are left from an earlier build).
 */
function judgeDeclarations(inside) {
  const { name, exports, dependencies = {}, peerDependencies = {} } = readJson(`${inside}/package.json`);
  const known = new Set([name, ...Object.keys(dependencies), ...Object.keys(peerDependencies)]);
  const declarations = readdirSync(`${inside}/dist`, { recursive: true })
    .filter((file) => /\.d\.c?ts$/.test(file))
    .map((file) => `dist/${file}`);
  const reached = new Set(typesOf(exports));
  const needed = new Set();
  for (const file of reached) {
    const { importedFiles, typeReferenceDirectives } = ts.preProcessFile(readFileSync(`${inside}/${file}`, 'utf8'));
    for (const { fileName } of typeReferenceDirectives) needed.add(`@types/${fileName}`);
    for (const { fileName } of importedFiles)
      if (fileName.startsWith('.')) reached.add(join(file, '..', fileName).replace(/\.(c?)js$/, '.d.$1ts'));
      else needed.add(isBuiltin(fileName) ? '@types/node' : packageOf(fileName));
  }
  return [
    ...[...needed].filter((one) => !known.has(one)).map((one) => `${name}: a declaration needs ${one}, no dependency`),
    ...declarations
      .filter((file) => !reached.has(file))
      .map((file) => `${name}: ${file} is part of no entry; remove dist and build again`),
  ];
}

/** Every `types` below `exports`, relative to the package. */
function typesOf(target) {
  if (typeof target !== 'object') return [];
  return Object.entries(target).flatMap(([key, value]) =>
    key === 'types' ? [value.replace('./', '')] : typesOf(value),
  );
}

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));
const isBuiltin = (specifier) => specifier.startsWith('node:') || builtinModules.includes(specifier);
const packageOf = (specifier) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
