import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { healDeadRuns } from '@chaos/runner/heal';
import { ExitCode, printableLine, type ResolvedConfig } from '@chaos/spec';
import {
  decide,
  inventoryOf,
  nextArm,
  runsNeeded,
  readRun,
  suspectsOf,
  withAttempts,
  type Arm,
  type RunData,
  type Suspect,
} from '@chaos/triage';
import type { CliContext } from '../../context.js';
import { findRun } from '../../history/find-runs.js';
import { listHistory } from '../../history/history-folder.js';
import { print } from '../../output/print.js';
import { printJson } from '../../output/print-json.js';
import { tell } from '../../output/tell.js';
import { endedBySignals } from '../../rerun/ended-by-signals.js';
import { configOf } from '../../rerun/rerunner.js';
import { runArm } from '../../rerun/run-arm.js';
import { writeInventory, writeIssues } from '../../rerun/write-inventory.js';
import { resolveSettings } from '../../settings/resolve-settings.js';
import { wholeNumber } from '../../settings/flag-values.js';
import { inventoryText } from './inventory-text.js';

/** Flags of `chaos triage`. */
export interface TriageFlags {
  readonly config?: string;
  readonly environment?: string;
  readonly top?: string;
  readonly issues?: string;
  readonly variant?: string;
  readonly seed?: string;
  /** False with `--no-rerun`. */
  readonly rerun?: boolean;
  readonly budget?: string;
  readonly json?: boolean;
}

const MOST_HISTORY = 50;

/**
 * `chaos triage`. Exit code 0 when every failure is explained, whatever the cause; 1 if something failed outside of
 * tests, which no rerun explains; 3 if there is no readable run.
 */
export async function triage(word: string, flags: TriageFlags, context: CliContext): Promise<ExitCode> {
  const top = flags.top === undefined ? undefined : wholeNumber('--top', flags.top, 1);
  const budgetS = flags.budget === undefined ? 60 : wholeNumber('--budget', flags.budget, 1);
  const settings = await resolveSettings({ ...(flags.config !== undefined && { config: flags.config }) }, {}, context);
  const { rootDir } = settings;
  const recorded = await readRun(findRun(word, { cwd: context.cwd, rootDir }));
  const run = toldOtherwise(recorded, flags);
  const today = await resolveSettings(
    { ...flags, environment: flags.environment ?? run.config.environment },
    {},
    context,
  );
  const history = await earlierRuns(rootDir, run);
  const suspects = suspectsOf(run, history);
  const explained = flags.rerun === false ? suspects : await askArms(suspects, run, today, budgetS, context);
  const inventory = inventoryOf(
    run,
    explained.map((suspect) => ({ suspect, decision: decide(suspect) })),
    history,
  );
  const files = writeInventory(inventory, today.runner.outputDir);
  if (flags.issues !== undefined) writeIssues(inventory, flags.issues, context.cwd);
  const shown = top === undefined ? inventory : { ...inventory, failures: inventory.failures.slice(0, top) };
  if (flags.json === true) printJson(context, shown);
  else print(context, inventoryText(shown, inventory.failures.length, files, context.cwd));
  return inventory.errors.length === 0 ? ExitCode.passed : ExitCode.failed;
}

function toldOtherwise(run: RunData, { variant, seed }: TriageFlags): RunData {
  const { config } = run;
  return {
    ...run,
    ...(variant !== undefined && { variant }),
    ...(seed !== undefined && { config: { ...config, runner: { ...config.runner, seed } } }),
  };
}

async function earlierRuns(rootDir: string, { runId }: RunData): Promise<readonly RunData[]> {
  const runs: RunData[] = [];
  for (const { file, runId: id } of listHistory(rootDir).slice(-MOST_HISTORY)) {
    if (id === runId) continue;
    // A record that was damaged must not keep a failure from being explained.
    const read = await readRun(file).catch(() => undefined);
    if (read) runs.push(read);
  }
  return runs;
}

/** Reruns until no arm tells more, or the budget of `budgetS` seconds a test is used up. */
async function askArms(
  suspects: readonly Suspect[],
  run: RunData,
  today: ResolvedConfig,
  budgetS: number,
  context: CliContext,
): Promise<readonly Suspect[]> {
  if (suspects.every((suspect) => nextArm(suspect) === undefined)) return suspects;
  await healDeadRuns({ log: (line) => tell(context, line) });
  using ended = endedBySignals();
  const folder = mkdtempSync(join(tmpdir(), 'chaos-triage-'));
  const until = Date.now() + 1000 * budgetS * suspects.length;
  const known = new Map(suspects.map((suspect) => [suspect.data.test.id, suspect]));
  try {
    for (;;) {
      const asked = groupByArm([...known.values()]);
      if (asked === undefined || Date.now() > until) break;
      const { arm, ids } = asked;
      tell(context, printableLine(`${arm}: ${ids.size} ${ids.size === 1 ? 'test' : 'tests'}`));
      const runs = Math.max(...[...ids].map((id) => runsNeeded(known.get(id)!, arm)));
      const config = configOf(run, today, folder);
      const { attempts, errors } = await runArm(arm, { run, ids, config, runs, signal: ended.signal });
      ended.throwIfEnded();
      for (const id of ids) {
        const told = attempts.get(id) ?? [];
        known.set(id, withAttempts(known.get(id)!, arm, told));
      }
      // A set-up that fails would fail again.
      if (attempts.size === 0) {
        for (const { message } of errors.slice(0, 1))
          tell(context, `warning: Cannot run the tests again: ${message ?? ''}`);
        break;
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return [...known.values()];
}

/** The arm that most suspects ask for, with those that do. */
function groupByArm(
  suspects: readonly Suspect[],
): { readonly arm: Arm; readonly ids: ReadonlySet<string> } | undefined {
  const groups = new Map<Arm, Set<string>>();
  for (const suspect of suspects) {
    const arm = nextArm(suspect);
    if (arm !== undefined) groups.set(arm, (groups.get(arm) ?? new Set()).add(suspect.data.test.id));
  }
  const [first] = [...groups].sort(([, a], [, b]) => b.size - a.size);
  return first && { arm: first[0], ids: first[1] };
}
