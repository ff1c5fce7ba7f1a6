import { readFileSync } from 'node:fs';
import { command } from '../command.mjs';
import { root } from '../workspace.mjs';
import { gate } from './gate.mjs';

// A comment that opens with a question word has to be solved before it can be read. It should start with the thing or a
// verb, and name who acts (CONTRIBUTING.md, "Comments").
const RIDDLE = /^(What|Who|Whose|Whom|Whether|Where|Wherever|That|Which|Whichever|How|When|Whoever|Whatever)\b/;
const MOST_RATIO = 0.03;
const SHOWN = 40;
const DIRECTIVE = /^(eslint|oxlint|@ts|prettier|#|!)/;

const { output } = await command(['git', 'ls-files', '*.ts', '*.mts', '*.mjs', '*.cjs'], { cwd: root });
const comments = output.trim().split('\n').flatMap(commentsOf);
const riddles = comments.filter(({ text }) => RIDDLE.test(text));
const ratio = riddles.length / comments.length;
const problems =
  ratio <= MOST_RATIO
    ? []
    : [
        ...worstFirst(riddles).map(({ file, line, text }) => `${file}:${line}: ${text}`),
        `start these comments with the thing or a verb; at most ${MOST_RATIO * 100} % may open with ` +
          'What, Whether, Where…',
      ];
gate(
  problems,
  `${comments.length} comments, ${(ratio * 100).toFixed(1)} % open with a question word, at most ${MOST_RATIO * 100} %`,
);

/** The first line of each comment in a file; comments on consecutive lines are one. */
function commentsOf(file) {
  let lines;
  try {
    lines = readFileSync(`${root}/${file}`, 'utf8').split('\n');
  } catch (error) {
    // Listed by git, but removed in the working tree.
    if (error.code === 'ENOENT') return [];
    throw error;
  }
  return lines.flatMap((line, index) => {
    const text = openingOf(line.trim(), lines[index - 1]?.trim() ?? '', lines[index + 1]?.trim() ?? '');
    return text === '' || DIRECTIVE.test(text) ? [] : [{ file, line: index + 1, text }];
  });
}

function openingOf(line, before, after) {
  if (line.startsWith('//')) return before.startsWith('//') ? '' : line.replace(/^\/+\s*/, '');
  if (!line.startsWith('/*')) return '';
  const text = line.replace(/^\/\*+\s*/, '').replace(/\*\/.*$/, '');
  return text.trim() === '' ? after.replace(/^\*\s*/, '') : text;
}

/** The first riddles to mend: those of the files that have most of them. */
function worstFirst(all) {
  const counts = new Map();
  for (const { file } of all) counts.set(file, (counts.get(file) ?? 0) + 1);
  return all.toSorted((a, b) => counts.get(b.file) - counts.get(a.file)).slice(0, SHOWN);
}
