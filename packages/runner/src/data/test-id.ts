import { createHash } from 'node:crypto';

/** A test id in Playwright's format: 20 hex digits of the file, 20 of project, file, titles and repetition. */
export function testId(project: string, path: string, titles: readonly string[], repeatEachIndex: number): string {
  const repeat = repeatEachIndex > 0 ? ` (repeat:${repeatEachIndex})` : '';
  let file = fileIds.get(path);
  if (file === undefined) fileIds.set(path, (file = sha1(path)));
  return `${file}-${sha1(`${project}${path}\x1e${titles.join('\x1e')}${repeat}`)}`;
}

const fileIds = new Map<string, string>();

function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex').slice(0, 20);
}
