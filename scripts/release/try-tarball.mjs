import { readFileSync, readdirSync, statSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import ts from 'typescript';
import { command } from '../command.mjs';
import { root } from '../workspace.mjs';
import { installTarballs } from './install-tarballs.mjs';
import { readSnippets } from './read-snippets.mjs';

const SNIPPET_MS = 10_000;
const KEYS = [
  ...['description', 'license', 'author', 'homepage', 'bugs', 'keywords', 'repository'],
  ...['engines', 'exports', 'files'],
];

/**
 * Installs one tarball alone into an empty project and uses it as a stranger would. Its @chaos dependencies are the
 * other tarballs.
 */
export async function tryTarball({ name, short, path }, tarballs, folder) {
  if (tarballs[name] instanceof Error) return { problems: [tarballs[name].message], summary: 'not packed' };
  const project = `${folder}/project-${short}`;
  await mkdir(project, { recursive: true });
  const installed = await installTarballs({ project, names: [name], tarballs });
  if (installed.code !== 0)
    return { problems: [`Cannot install it alone:\n${installed.output}`], summary: 'not installed' };

  const inside = `${project}/node_modules/${name}`;
  const manifest = JSON.parse(readFileSync(`${inside}/package.json`, 'utf8'));
  const problems = judgeManifest(manifest).concat(judgeFiles(inside));
  for (const [subpath, target] of Object.entries(manifest.exports)) {
    if (typeof target === 'string') continue;
    const specifier = name + subpath.slice(1);
    for (const { how, type, program } of [
      { how: 'import', type: 'module', program: `await import('${specifier}')` },
      { how: 'require', type: 'commonjs', program: `require('${specifier}')` },
    ]) {
      const { code, output } = await command([process.execPath, `--input-type=${type}`, '--eval', program], {
        cwd: project,
        timeoutMs: SNIPPET_MS,
      });
      if (code !== 0) problems.push(`Cannot ${how} ${specifier}:\n${output}`);
    }
  }
  const [snippet] = readSnippets(`${root}/${path}/README.md`);
  if (snippet === undefined) problems.push('README.md is missing, or has no ```ts snippet');
  else problems.push(...(await tryReadme({ name, path, snippet }, tarballs, project)));
  const sizes = `${kilobytes(statSync(tarballs[name]).size)} packed, ${kilobytes(unpacked(inside))} unpacked`;
  return { problems, summary: sizes };
}

// Runs the first snippet of the README with the packages that its line of installation names.
async function tryReadme({ name, path, snippet }, tarballs, project) {
  const [, words = ''] = /^npm install (.*)$/m.exec(readFileSync(`${root}/${path}/README.md`, 'utf8')) ?? [];
  const others = words.split(' ').filter((word) => word !== name && typeof tarballs[word] === 'string');
  if (others.length > 0) {
    const { code, output } = await installTarballs({ project, names: [name, ...others], tarballs });
    if (code !== 0) return [`Cannot install it with ${others.join(', ')}:\n${output}`];
  }
  return await runSnippet(snippet, project);
}

function judgeManifest(manifest) {
  const problems = [];
  if (manifest.publishConfig?.access !== 'public' || manifest.publishConfig?.provenance !== true)
    problems.push('publishConfig is not { access: public, provenance: true }');
  if (/"(workspace|link|file):/.test(JSON.stringify(manifest)))
    problems.push('the packed manifest still has a workspace:, link: or file: range');
  for (const key of KEYS) if (manifest[key] === undefined) problems.push(`package.json has no ${key}`);
  return problems;
}

function judgeFiles(inside) {
  const files = readdirSync(inside, { recursive: true });
  const missing = ['README.md', 'LICENSE', 'CHANGELOG.md', 'package.json', 'dist/index.js', 'dist/index.d.ts'].filter(
    (file) => !files.includes(file),
  );
  const extra = files.filter(
    (file) => /\.test\.|^src\/|(^|\/)test-results\/|\.turbo/.test(file) && !file.startsWith('node_modules'),
  );
  return [...missing.map((file) => `the tarball lacks ${file}`), ...extra.map((file) => `the tarball has ${file}`)];
}

// Runs it as a program of the empty project.
async function runSnippet(snippet, project) {
  const { outputText } = ts.transpileModule(snippet, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true },
  });
  await writeFile(`${project}/snippet.mjs`, outputText);
  const { code, output } = await command([process.execPath, 'snippet.mjs'], { cwd: project, timeoutMs: SNIPPET_MS });
  return code === 0 ? [] : [`the README's snippet fails with ${code}:\n${output}`];
}

function unpacked(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.slice(folder.length).includes('node_modules'))
    .reduce((sum, entry) => sum + statSync(`${entry.parentPath}/${entry.name}`).size, 0);
}

const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} kB`;
