import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { calibrate } from '@chaos/env';
import { run as runTests } from '@chaos/runner/run';
import {
  ExitCode,
  UsageError,
  type Attempt,
  type Reporter,
  type ResolvedConfig,
  type RunEvent,
  type SerializedError,
} from '@chaos/spec';
import type { CliContext } from '../context.js';
import type { ConfigFlags } from '../flags.js';
import { print } from '../output/print.js';
import { printJson } from '../output/print-json.js';
import { table } from '../output/table.js';
import { tell } from '../output/tell.js';
import { ownCapabilities } from '../settings/load-definition.js';
import { resolveSettings } from '../settings/resolve-settings.js';
import { runOptions } from '../settings/run-options.js';

/** Flags of `chaos driver check`. */
export interface DriverCheckFlags extends ConfigFlags {
  readonly variant?: string;
  readonly json?: boolean;
}

/** One call of an operation, as the test in @chaos/test tells it. */
interface Call {
  readonly operation: string;
  readonly args: readonly unknown[];
  /** An outcome of operations, or `misuse` for what would fail against any target. */
  readonly outcome: string;
  /** The answer, or the error. */
  readonly said: string;
  readonly hint?: string;
  /** How the target had ended by then, if it had. */
  readonly died?: string;
  readonly latencyMs: number;
  /** True if the driver says what to call it with. */
  readonly isExample: boolean;
}

interface Checked {
  readonly calls: readonly Call[];
  /** Operations of @chaos/suites that the driver does not have. */
  readonly lacking: readonly string[];
}

/**
 * `chaos driver check`: starts the target and calls each operation of its driver once. Exit code 0 if all end `ok`, 1
 * if one does not, 3 if the target cannot be started.
 */
export async function driverCheck(flags: DriverCheckFlags, context: CliContext): Promise<ExitCode> {
  const config = await resolveSettings(flags, {}, context);
  if (config.target.driver === undefined)
    throw new UsageError('Cannot check the driver: target.driver is not set', {
      hint: 'Set target.driver in chaos.yaml to the module of the driver; chaos init writes one.',
    });
  const { exitCode, attempt, errors } = await callAll(config, flags, context);
  const [checked] = (attempt?.attachments ?? []).flatMap(({ name, body }) =>
    name === 'calls' ? [JSON.parse(Buffer.from(body ?? '', 'base64').toString('utf8')) as Checked] : [],
  );
  const failures = [...errors, ...(attempt?.errors ?? [])];
  for (const { message, stack, hint } of failures) {
    tell(context, `error: ${message ?? stack ?? 'unknown error'}`);
    if (hint !== undefined) tell(context, `hint: ${hint}`);
  }
  if (checked === undefined) return exitCode === ExitCode.passed ? ExitCode.failed : (exitCode as ExitCode);
  const working = checked.calls.filter(({ outcome }) => outcome === 'ok').length;
  const isGood = working === checked.calls.length && working > 0 && failures.length === 0;
  if (flags.json === true) printJson(context, { ok: isGood, ...checked });
  else print(context, textOf(checked, working));
  return isGood ? ExitCode.passed : ExitCode.failed;
}

interface Outcome {
  readonly exitCode: number;
  readonly attempt: Attempt | undefined;
  readonly errors: readonly SerializedError[];
}

async function callAll(config: ResolvedConfig, flags: DriverCheckFlags, context: CliContext): Promise<Outcome> {
  const errors: SerializedError[] = [];
  let attempt: Attempt | undefined;
  const reporter: Reporter = {
    onEvent(event: RunEvent): void {
      if (event.type === 'test-end') attempt = event.attempt;
      if (event.type === 'run-error') errors.push(event.error);
    },
  };
  const file = join(dirname(createRequire(import.meta.url).resolve('@chaos/test/package.json')), 'driver-check');
  const own = forOneTest(config, file);
  const { exitCode } = await runTests({
    ...runOptions([join(file, 'driver-check.chaos.mjs')], { variant: flags.variant } as object, own, context),
    // What failed in the last run stays known.
    lastRunFile: join(own.runner.outputDir, '.last-run.json'),
    reporters: [reporter],
    calibrate,
    capabilities: await ownCapabilities(config),
    ownProcess: { exit: (code) => process.exit(code) },
  });
  return { exitCode, attempt, errors };
}

// The project's target and services, and none of the rules for its tests.
function forOneTest(config: ResolvedConfig, testDir: string): ResolvedConfig {
  const outputDir = join(config.runner.outputDir, 'driver-check');
  const project = {
    ...(config.runner.projects[0] as (typeof config.runner.projects)[number]),
    testDir,
    testMatch: ['**/*.chaos.mjs'],
    testIgnore: [],
    outputDir,
    dependencies: [],
    teardown: undefined,
    repeatEach: 1,
    grep: undefined,
    grepInvert: undefined,
  };
  const retryPolicy = { ...project.retryPolicy, count: 0 };
  return {
    ...config,
    runner: {
      ...config.runner,
      outputDir,
      workers: 1,
      requirePurpose: false,
      requireNeeds: false,
      shard: undefined,
      grep: undefined,
      grepInvert: undefined,
      quarantine: undefined,
      projects: [{ ...project, retryPolicy }],
    } as ResolvedConfig['runner'],
  };
}

function textOf({ calls, lacking }: Checked, working: number): string {
  const rows = calls.flatMap((call) => [
    [
      call.outcome,
      `${call.operation}(${call.args.map((arg) => JSON.stringify(arg)).join(', ')})`,
      `${call.latencyMs} ms`,
      call.said.split('\n')[0] ?? '',
    ],
    ...hintsOf(call).map((hint) => ['', '', '', `→ ${hint}`]),
  ]);
  return [
    table(rows),
    calls.length === 0 ? 'The driver has no operations.\n' : `${working} of ${calls.length} operations work.\n`,
    lacking.length === 0 ? '' : `Of the operations of @chaos/suites it lacks ${lacking.join(', ')}.\n`,
  ].join('');
}

function hintsOf({ operation, args, outcome, hint, died, isExample }: Call): readonly string[] {
  if (outcome === 'ok') return [];
  if (died !== undefined) return [`The target has died: ${died} by itself.`];
  const asks = args.length === 0 && !isExample;
  return [
    ...(hint === undefined ? [] : [hint]),
    ...(asks
      ? [
          `It was called without arguments. If it takes some, say in the driver which: examples: { ${operation}: ['…'] }.`,
        ]
      : []),
  ];
}
