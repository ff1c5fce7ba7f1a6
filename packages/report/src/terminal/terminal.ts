import type { RunEvent } from '@chaos/spec';
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

/** Playwright's first line. */
export function startingLine({ tests, config, withoutFaults }: Extract<RunEvent, { type: 'run-start' }>): string {
  const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;
  return `Running ${plural(tests.length, 'test')} using ${plural(config.runner.workers, 'worker')}${withoutFaults ? ', without faults (--no-faults)' : ''}`;
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
