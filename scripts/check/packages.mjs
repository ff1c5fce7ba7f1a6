import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { bin, command } from '../command.mjs';
import { pack } from '../pack.mjs';
import { pool } from '../pool.mjs';
import { gate } from './gate.mjs';
import { publicPackages } from '../workspace.mjs';

const ATTW_MS = 120_000;

const folder = await mkdtemp(`${tmpdir()}/chaos-packages-`);
const packages = publicPackages();
try {
  const problems = await pool(2, packages, judge);
  gate(problems.flat(), `publint --strict and attw over ${packages.length} tarballs`);
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function judge(member) {
  let tarball;
  try {
    tarball = await pack(member, folder);
  } catch (error) {
    return [error.message];
  }
  const bytes = await readFile(tarball);
  const { messages, pkg } = await publint({
    pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) },
    strict: true,
  });
  const lint = messages
    .filter(({ type }) => type !== 'suggestion')
    .map((message) => `${member.name}: publint: ${formatMessage(message, pkg, { color: false })}`);
  const attw = await command(
    [...bin('attw'), tarball, '--profile', 'esm-only', '--format', 'json', '--no-definitely-typed'],
    { timeoutMs: ATTW_MS },
  );
  return attw.code === 0 ? lint : [...lint, `${member.name}: attw: ${explain(attw.output)}`];
}

// Problems that the profile ignores are still in the JSON, so filter them here.
function explain(output) {
  try {
    const { problems, error } = JSON.parse(output);
    if (error) return error;
    const judged = Object.values(problems ?? {})
      .flat()
      .filter(({ resolutionKind }) => resolutionKind !== 'node10' && resolutionKind !== 'node16-cjs');
    return judged
      .map(({ kind, entrypoint, resolutionKind }) => `${kind} of ${entrypoint} (${resolutionKind})`)
      .join(', ');
  } catch {
    return output.trim();
  }
}
