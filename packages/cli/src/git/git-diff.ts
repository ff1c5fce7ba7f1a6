import { runGit } from './run-git.js';

const MOST_CHARACTERS = 100_000;

/**
 * Changes for Playwright's `metadata.gitDiff`: since the base of a pull request; otherwise nothing in CI, and elsewhere
 * the uncommitted changes, else the last commit. Unlike Playwright it fetches nothing.
 */
export async function gitDiff(
  cwd: string,
  env: NodeJS.ProcessEnv,
  { ci, base }: { readonly ci: boolean; readonly base: string | undefined },
): Promise<string | undefined> {
  const diff = async (...between: readonly string[]): Promise<string> =>
    (await runGit(['diff', '--no-color', '--no-ext-diff', ...between, '--'], cwd, env)).slice(0, MOST_CHARACTERS);
  if (base !== undefined) return (await diff(base, 'HEAD')) || undefined;
  if (ci) return undefined;
  return (await diff()) || (await diff('HEAD~1')) || undefined;
}
