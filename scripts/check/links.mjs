import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { gate } from './gate.mjs';
import { root } from '../workspace.mjs';
import { missingNamedFiles } from './named-files.mjs';

// npm shows package READMEs, so they link to the repository with absolute addresses, which are checked like relative
// ones.
const REPOSITORY = /^https:\/\/github\.com\/chaos-test\/chaos\/(?:blob|tree)\/main\//;

const problems = [];
let count = 0;
const files = markdown('.');
for (const file of files) {
  const text = prose(file);
  for (const [, target] of text.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)) {
    const [path, anchor] = target.split('#');
    if (/^[a-z]+:/.test(target) && !REPOSITORY.test(target)) continue;
    count++;
    const absolute = REPOSITORY.test(target)
      ? join(root, path.replace(REPOSITORY, ''))
      : path === ''
        ? join(root, file)
        : resolve(root, dirname(file), path);
    if (!existsSync(absolute)) problems.push(`${file}: link to ${target}: no such file`);
    else if (anchor && absolute.endsWith('.md') && !anchors(absolute).has(anchor))
      problems.push(`${file}: link to ${target}: no such heading`);
  }
}
for (const name of missingNamedFiles('docs/architecture.md'))
  problems.push(`docs/architecture.md: ${name}: no such file`);
gate(problems, `${count} links in ${files.length} files`);

function markdown(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory())
      return /^(node_modules|dist|\.git|\.turbo|chaos-results)$/.test(entry.name) ? [] : markdown(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

// Removes code, which may contain text that looks like a link.
function prose(file) {
  return readFileSync(join(root, file), 'utf8')
    .replace(/^```.*?^```/gms, '')
    .replace(/`[^`\n]*`/g, (code) => '`'.repeat(Math.min(2, code.length)));
}

function anchors(absolute) {
  if (!statSync(absolute).isFile()) return new Set();
  const headings = readFileSync(join(root, relative(root, absolute)), 'utf8')
    .replace(/^```.*?^```/gms, '')
    .matchAll(/^#+\s+(.*)$/gm);
  return new Set(
    [...headings].map(([, title]) =>
      title
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replace(/\s/g, '-'),
    ),
  );
}
