import { rm } from 'node:fs/promises';
import type { ResolvedConfig } from '@chaos/spec';
import { attemptFolder, outputDirOf } from '../output-folders.js';
import type { Results } from '../dispatch/results.js';

/**
 * Removes files as `runner.preserve_output` demands: all folders of attempts, or those of tests that ended as expected.
 */
export async function preserveOutput(config: ResolvedConfig['runner'], results: Results): Promise<void> {
  const { preserveOutput: policy } = config;
  if (policy === 'always') return;
  const gone = [...results.tests].filter(
    ([, { outcome }]) => policy === 'never' || outcome === 'expected' || outcome === 'skipped',
  );
  await Promise.all(
    gone.flatMap(([testId, { test, attempts }]) =>
      attempts.map((_, retry) =>
        rm(attemptFolder(outputDirOf(config, test.project), testId, retry), { recursive: true, force: true }),
      ),
    ),
  );
}
