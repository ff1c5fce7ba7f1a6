import { detectCi } from '@chaos/env';
import type { Json, ResolvedConfig } from '@chaos/spec';
import type { CliContext } from '../context.js';
import { ciRun } from './ci-run.js';
import { gitCommit } from './git-commit.js';
import { tell } from '../output/tell.js';
import { gitDiff } from './git-diff.js';

/**
 * Adds the metadata that `runner.capture_git_info` asks for. If git has none, only users who set it explicitly are
 * told.
 */
export async function withGitInfo(config: ResolvedConfig, context: CliContext): Promise<ResolvedConfig> {
  const {
    rootDir,
    metadata,
    provenance,
    runner: { captureGitInfo: wanted },
  } = config;
  if (!wanted.commit && !wanted.diff) return config;
  const { env } = context;
  const run = ciRun(env);
  const capture = async (what: 'commit' | 'diff', make: () => Promise<Json | undefined>): Promise<Json | undefined> => {
    if (!wanted[what]) return undefined;
    try {
      return await make();
    } catch (error) {
      const asked = provenance[`runner.captureGitInfo.${what}`];
      if (asked?.layer !== 'default')
        tell(
          context,
          `warning: Cannot capture the ${what} of ${rootDir} (${asked?.source}): ${(error as Error).message}`,
        );
      return undefined;
    }
  };
  const [commit, diff] = await Promise.all([
    capture('commit', () => gitCommit(rootDir, env)),
    capture('diff', async () => gitDiff(rootDir, env, { ci: (await detectCi()).isCi, base: run?.prBaseHash })),
  ]);
  return {
    ...config,
    metadata: {
      ...(wanted.commit && run && { ci: { ...run } }),
      ...metadata,
      ...(commit !== undefined && { gitCommit: commit }),
      ...(diff !== undefined && { gitDiff: diff }),
    },
  };
}
