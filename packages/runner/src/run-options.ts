import type { Calibration } from '@chaos/env';
import type { Reporter, ResolvedConfig, RunStatus, ServiceCapability } from '@chaos/spec';

/**
 * When a run that repeats its tests ends: at the first failure, when each test is known to be stable or not, after so
 * many runs, or after this time.
 */
export type Until =
  | { readonly kind: 'fail' }
  | { readonly kind: 'stable' }
  | { readonly kind: 'runs'; readonly runs: number }
  | { readonly kind: 'duration'; readonly durationMs: number };

/** What a run is made of. */
export interface RunOptions {
  readonly config: ResolvedConfig;
  readonly cwd: string;
  readonly argv: readonly string[];
  /** Paths, `file:line[:column]`, or regular expressions over paths. */
  readonly filters: readonly string[];
  readonly grep?: RegExp;
  readonly grepInvert?: RegExp;
  /** Only these test ids: the last failed, or a list. */
  readonly ids?: ReadonlySet<string>;
  /** Only tests in files that are in this set, or import one that is (absolute paths). */
  readonly changed?: ReadonlySet<string>;
  /** Only (or all but) the tests that these lines name: an id, or `file:line`, relative to `cwd`. */
  readonly testList?: { readonly lines: readonly string[]; readonly invert: boolean };
  /** Names or wildcards; none = all. */
  readonly projects: readonly string[];
  /** False: projects run without those that they depend on. */
  readonly dependencies: boolean;
  /** The seed of a random order. */
  readonly shuffle?: string;
  /** Tests are repeated until then, as fast as the workers can; none is tried again. */
  readonly until?: Until;
  /** A name in `config.target.variants`. */
  readonly variant?: string;
  /** False: `inject` does nothing. */
  readonly faults: boolean;
  /** False: tests in quarantine count as any other. */
  readonly quarantine: boolean;
  readonly passWithNoTests: boolean;
  /** What failed or did not run is written there, in Playwright's form. */
  readonly lastRunFile: string;
  readonly reporters: readonly Reporter[];
  /** Called before the first service starts, when there is one to start. */
  readonly calibrate?: () => Promise<Calibration>;
  /** What tests may require beside the capabilities of machines that are known. */
  readonly capabilities?: readonly ServiceCapability[];
  readonly version: string;
}

/** How a run ended. */
export interface RunResult {
  readonly status: RunStatus;
  /** One of spec's `ExitCode`. */
  readonly exitCode: number;
}
