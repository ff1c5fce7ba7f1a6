import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { bin, command } from '../command.mjs';
import { root } from '../workspace.mjs';

const SERVICE = `${root}/packages/sample-service`;
// Below node_modules, so that imports find the dependencies of the service, and nobody else the mutant.
const FOLDER = `${SERVICE}/node_modules/.mutants`;
const ENTRIES = {
  main: 'src/main.ts',
  'digest-thread': 'src/digests/digest-thread.ts',
  'digests-without-versions': 'src/defect-threads/digests-without-versions.ts',
};

/**
 * Builds the service with one change: `{ main, remove() }`. Throws if the text that the change is about is not there
 * exactly once, so that no mutant is healthy by mistake.
 */
export async function buildMutant({ name, file, from, to, and = [] }) {
  const folder = `${FOLDER}/${name}`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(`${SERVICE}/src`, `${folder}/src`, { recursive: true });
  for (const own of ['package.json', 'tsconfig.json']) cpSync(`${SERVICE}/${own}`, `${folder}/${own}`);
  const path = `${folder}/src/${file}`;
  let text = readFileSync(path, 'utf8');
  for (const change of [{ from, to }, ...and]) {
    const places = text.split(change.from).length - 1;
    if (places !== 1) throw new Error(`Cannot make the mutant ${name}: ${file} has its text ${places} times`);
    text = text.replace(change.from, () => change.to);
  }
  writeFileSync(path, text);
  const entries = Object.entries(ENTRIES).flatMap(([out, source]) => [`--entry.${out}`, source]);
  const flags = ['--no-config', '--format', 'esm', '--target', 'node20', '--platform', 'node', '--out-dir', 'dist'];
  const { code, output } = await command([...bin('tsup'), ...entries, ...flags, '--silent'], { cwd: folder });
  if (code !== 0) throw new Error(`Cannot build the mutant ${name}: ${output}`);
  return { main: `${folder}/dist/main.js`, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
