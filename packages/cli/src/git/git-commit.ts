import type { Json } from '@chaos/spec';
import { runGit } from './run-git.js';

const SEPARATOR = '---786eec917292---';
const FIELDS = ['%H', '%h', '%s', '%B', '%an', '%ae', '%at', '%cn', '%ce', '%ct'];

/** The last commit, in the format of Playwright's `metadata.gitCommit`; times in milliseconds. */
export async function gitCommit(cwd: string, env: NodeJS.ProcessEnv): Promise<Json> {
  const [log, branch] = await Promise.all([
    runGit(['log', '-1', '--no-color', `--pretty=format:${FIELDS.join(SEPARATOR)}`], cwd, env),
    runGit(['rev-parse', '--abbrev-ref', 'HEAD'], cwd, env),
  ]);
  const [
    hash = '',
    shortHash = '',
    subject = '',
    body = '',
    author = '',
    authorEmail = '',
    authorTime = '',
    committer = '',
    committerEmail = '',
    committerTime = '',
  ] = log.split(SEPARATOR);
  return {
    shortHash,
    hash,
    subject,
    body,
    author: { name: author, email: authorEmail, time: Number(authorTime) * 1000 },
    committer: { name: committer, email: committerEmail, time: Number(committerTime) * 1000 },
    branch: branch.trim(),
  };
}
