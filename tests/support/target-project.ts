import { createProject, type Project } from './project.ts';

/** A project with a program under test. */
export interface TargetProjectOptions {
  /** The module of the program; it listens on `PORT`. */
  readonly target: string;
  /** Its environment besides `PORT`, as in chaos.yaml: `REDIS_URL: '{redis.url}'`. */
  readonly env?: string;
  /** Settings of the runner besides one worker: `max_inconclusive: 1`. */
  readonly runner?: string;
  /** Tests of `a.chaos.ts`, which begins with one line that imports `test`, `expect` and `OperationError`. */
  readonly tests: string;
}

/** Writes a project whose tests break one program; removes it when the test has finished. */
export function targetProject({ target, env, runner, tests }: TargetProjectOptions): Project {
  return createProject({
    'chaos.yaml': `
target:
  command: [node, target.mjs]
  env: { ${["PORT: '{port}'", env].filter(Boolean).join(', ')} }
runner: { ${['workers: 1', 'require_purpose: false', runner].filter(Boolean).join(', ')} }
`,
    'target.mjs': target,
    'a.chaos.ts': `import { test, expect, OperationError } from '@chaos/test';\n${tests}`,
  });
}
