import { existsSync, readFileSync } from 'node:fs';
import { gate } from './gate.mjs';
import { members, publicPackages, root } from '../workspace.mjs';

const MOST_LINES = 40;
const problems = [];
for (const { path, name, manifest } of members('packages')) {
  const problem = (text) => problems.push(`${path}/README.md: ${text}`);
  if (!existsSync(`${root}/${path}/README.md`)) {
    problem('missing');
    continue;
  }
  const text = readFileSync(`${root}/${path}/README.md`, 'utf8');
  const lines = text.trimEnd().split('\n').length;
  if (lines > MOST_LINES) problem(`${lines} lines, at most ${MOST_LINES}`);
  if (!text.startsWith(`# ${name}\n`)) problem(`the first line is not "# ${name}"`);
  if (!manifest.private && !/^```ts\n/m.test(text))
    problem('no ```ts snippet: the release dry run executes the first one');
  for (const file of manifest.private ? [] : ['LICENSE', 'CHANGELOG.md'])
    if (!existsSync(`${root}/${path}/${file}`)) problems.push(`${path}/${file}: missing`);
}
gate(problems, `${members('packages').length} READMEs, ${publicPackages().length} with a snippet`);
