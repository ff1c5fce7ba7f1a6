import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExitCode, printableLine, UsageError } from '@chaos/spec';
import { judgeGate, readRun, type GateVerdict, type KnownBug, type RunData } from '@chaos/triage';
import type { CliContext } from '../../context.js';
import { findRun } from '../../history/find-runs.js';
import { runScope } from '../../history/run-scope.js';
import { assertRecorded } from '../../history/unrecorded.js';
import { print } from '../../output/print.js';
import { printJson } from '../../output/print-json.js';
import { tell } from '../../output/tell.js';
import { wrap } from '../../output/wrap.js';

/** Flags of `chaos gate`. */
export interface GateFlags {
  readonly config?: string;
  readonly target?: string;
  readonly acceptable?: string;
  readonly maxFlaky?: string;
  readonly maxInconclusive?: string;
  readonly json?: boolean;
}

/** `chaos gate`. Exit code 0 if the run is good enough, 1 if not, 2 for misuse, 3 if there is no readable run. */
export async function gate(word: string, flags: GateFlags, context: CliContext): Promise<ExitCode> {
  const limits = {
    target: limit('--target', flags.target, 100),
    acceptable: limit('--acceptable', flags.acceptable, 100),
    maxFlaky: limit('--max-flaky', flags.maxFlaky, 1),
    maxInconclusive: limit('--max-inconclusive', flags.maxInconclusive, 1),
  };
  const scope = runScope(flags, context);
  assertRecorded(word, scope.rootDir);
  const run = await readRun(findRun(word, scope));
  const verdict = judgeGate(run, limits, knownBugs(run));
  if (flags.json === true) printJson(context, verdict);
  else print(context, `${wrap(printableLine(verdict.paragraph))}\n\n${wrap(`Next: ${printableLine(verdict.next)}`)}\n`);
  tellGithub(verdict, flags, context);
  return verdict.met ? ExitCode.passed : ExitCode.failed;
}

function limit(flag: string, text: string | undefined, most: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= most))
    throw new UsageError(`Cannot use ${flag} ${text}: it must be a number from 0 to ${most}`);
  return value;
}

// The inventory of `chaos triage`, if it is about this run.
function knownBugs({ runId, config }: RunData): readonly KnownBug[] {
  try {
    const inventory = JSON.parse(readFileSync(join(config.runner.outputDir, 'inventory.json'), 'utf8')) as {
      readonly runId?: unknown;
      readonly failures?: readonly (KnownBug & { readonly tag?: string; readonly chaosId?: string })[];
    };
    if (inventory.runId !== runId) return [];
    return (inventory.failures ?? [])
      .filter(({ tag }) => tag === 'POTENTIAL_BUG')
      .map(({ testId, chaosId, title }) => ({ testId, title: chaosId ?? title }));
  } catch {
    return [];
  }
}

function tellGithub(verdict: GateVerdict, { json }: GateFlags, context: CliContext): void {
  const { env } = context;
  if (env['GITHUB_ACTIONS'] === undefined) return;
  if (json !== true) {
    for (const { name, text } of verdict.checks.filter(({ met }) => !met))
      print(context, `::error title=chaos gate%3A ${name}::${escaped(text)}\n`);
    if (verdict.met && verdict.level === 'acceptable')
      print(context, `::warning title=chaos gate::${escaped(verdict.paragraph)}\n`);
  }
  const summary = env['GITHUB_STEP_SUMMARY'];
  if (summary === undefined || summary === '') return;
  try {
    appendFileSync(summary, summaryOf(verdict));
  } catch (error) {
    tell(context, `warning: Cannot write the step summary ${summary}: ${(error as Error).message}`);
  }
}

// https://docs.github.com/actions/reference/workflow-commands-for-github-actions
function escaped(text: string): string {
  return printableLine(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function summaryOf({ met, paragraph, next, checks }: GateVerdict): string {
  const rows = checks.map(({ name, met: fine, text }) => `| ${fine ? '✅' : '❌'} | ${name} | ${cell(text)} |`);
  const title = `### Chaos gate: ${met ? 'met' : 'not met'}`;
  return [
    title,
    '',
    printableLine(paragraph),
    '',
    '| | condition | |',
    '|---|---|---|',
    ...rows,
    '',
    `Next: ${next}`,
    '',
    '',
  ].join('\n');
}

function cell(text: string): string {
  return printableLine(text)
    .replaceAll('|', String.raw`\|`)
    .replaceAll('<', '&lt;');
}
