import type { ResolvedConfig, RunEvent } from '@chaos/spec';
import picocolors from 'picocolors';
import { formatError } from '../format-error.js';
import { Output, type ReportStream } from '../output/output.js';
import type { Colors } from './colors.js';

/** Options of the reporters that people read. */
export interface TerminalReporterOptions {
  /** Default: standard output. */
  readonly stream?: ReportStream;
  /** Default: `FORCE_COLOR` and `NO_COLOR`, else whether `stream` is a terminal. */
  readonly color?: boolean;
  /** Prints `diagnostic` events. Default false. */
  readonly verbose?: boolean;
}

/** Output device and style of a reporter. */
export interface Terminal {
  readonly output: Output;
  readonly colors: Colors;
  readonly verbose: boolean;
  readonly printsToStdout: boolean;
}

export function openTerminal(
  { stream = process.stdout, color, verbose = false }: TerminalReporterOptions,
  name: string,
): Terminal {
  return {
    output: new Output(stream, name),
    colors: picocolors.createColors(color ?? wantsColor(stream)),
    verbose,
    printsToStdout: stream === process.stdout,
  };
}

function wantsColor(stream: ReportStream): boolean {
  const { FORCE_COLOR: force, NO_COLOR: no } = process.env;
  if (force !== undefined && force !== '') return force !== '0' && force !== 'false';
  return (no === undefined || no === '') && stream.isTTY === true;
}

type RunStart = Extract<RunEvent, { type: 'run-start' }>;

/** Playwright's first line, with what makes a passed test say less: retries, and a run without faults. */
export function startingLine({ tests, config, withoutFaults }: RunStart): string {
  return [
    `Running ${plural(tests.length, 'test')} using ${plural(config.runner.workers, 'worker')}`,
    ...retriesLine(config),
    ...(withoutFaults ? ['without faults (--no-faults)'] : []),
  ].join(', ');
}

// Projects may have numbers of their own.
function retriesLine({ runner, provenance, environment }: ResolvedConfig): readonly string[] {
  const counts = runner.projects.map(({ retries }) => retries);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  if (counts.length === 0 || most === 0) return [];
  if (least < most) return [`${least} to ${most} retries`];
  const [own, ofEnvironment] = [provenance['runner.retries.count'], provenance['retryAttempts']];
  const isFromEnvironment = own?.source === ofEnvironment?.source;
  return [`${plural(most, 'retry', 'retries')} from ${isFromEnvironment ? `environment ${environment}` : own?.source}`];
}

function plural(count: number, word: string, words = `${word}s`): string {
  return `${count} ${count === 1 ? word : words}`;
}

/** An error outside of tests, for people. */
export function runErrorLines({ error }: Extract<RunEvent, { type: 'run-error' }>, colors: Colors): readonly string[] {
  return [
    '',
    colors.red(formatError(error)),
    ...(error.hint === undefined ? [] : ['', `${colors.cyan('Hint:')} ${error.hint}`]),
    '',
  ];
}
