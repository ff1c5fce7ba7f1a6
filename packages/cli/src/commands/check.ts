import { resolve } from 'node:path';
import { ExitCode, isChaosError, nearest, printable, redact, UsageError } from '@chaos/spec';
import type { History, HistoryFormat, Verdict } from '@chaos/history';
import type { CliContext } from '../context.js';
import { print } from '../output/print.js';
import { printJson } from '../output/print-json.js';
import { tell } from '../output/tell.js';

const FORMATS = ['auto', 'ndjson', 'json', 'edn', 'etcd-log'] as const satisfies readonly (HistoryFormat | 'auto')[];

/** The flags of `chaos check`. */
export interface CheckFlags {
  readonly model: string;
  readonly format: string;
  readonly set?: readonly string[];
  readonly json?: boolean;
  readonly html?: string;
  readonly svg?: string;
  readonly psql?: string;
  readonly minimal?: string;
}

/** `chaos check`. Exit code 1 if the history breaks the model, 4 if it cannot be decided. */
export async function check(file: string, flags: CheckFlags, context: CliContext): Promise<ExitCode> {
  const { MODELS, check: judge, describeVerdict, findModel, readHistory } = await import('@chaos/history');
  const format = FORMATS.find((known) => known === flags.format);
  if (format === undefined) throw unknown('format', flags.format, FORMATS);
  try {
    findModel(flags.model);
  } catch {
    throw unknown(
      'model',
      flags.model,
      MODELS.map(({ name }) => name),
      MODELS.flatMap(({ aliases }) => aliases),
    );
  }

  const options = optionsOf(flags.set ?? []);
  const history = await orRefuse(file, () =>
    readHistory(file === '-' ? process.stdin : resolve(context.cwd, file), {
      format,
      name: file === '-' ? '<stdin>' : file,
    }),
  );
  const verdict = await orRefuse(file, async () => judge(history, { ...options, model: flags.model }));
  await writePictures(history, verdict, flags, context);
  if (flags.json === true) {
    const { valid, model: asked, strongest, reason, anomalies, coverage } = verdict;
    printJson(context, { valid, model: asked, strongest, reason, anomalies, coverage });
  } else print(context, `${printable(describeVerdict(verdict))}\n`);
  return verdict.valid === true ? ExitCode.passed : verdict.valid === false ? ExitCode.failed : ExitCode.unknown;
}

async function writePictures(
  history: History,
  verdict: Verdict,
  { html, svg, psql, minimal }: CheckFlags,
  context: CliContext,
): Promise<void> {
  const [{ anomalySvg, formatNdjson, isolationScript, minimalHistory, verdictHtml }, { writeReport }] =
    await Promise.all([import('@chaos/history'), import('@chaos/report')]);
  const { cwd } = context;
  const [worst] = verdict.anomalies;
  const write = async (what: string, path: string | undefined, content: () => string): Promise<void> => {
    if (path !== undefined) await writeReport(what, [redact(content())], { outputFile: resolve(cwd, path) });
  };
  await write('page', html, () => verdictHtml(history, verdict));
  if (worst === undefined) {
    for (const path of [svg, psql, minimal])
      if (path !== undefined) tell(context, `${path}: not written, there is no anomaly to show`);
    return;
  }
  await write('picture', svg, () => anomalySvg(worst));
  if (worst.operations.every(({ f }) => f === 'txn'))
    await write('script', psql, () => isolationScript(history, worst).text);
  else if (psql !== undefined) tell(context, `${psql}: not written, ${worst.type} is no anomaly of transactions`);
  await write('minimal history', minimal, () => [...formatNdjson(minimalHistory(history, worst))].join(''));
}

// Errors of the reader and the checkers are about the user's file or options, so they count as usage errors with a
// position.
async function orRefuse<T>(file: string, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (isChaosError(error, 'HISTORY_FORMAT'))
      throw new UsageError(error.message, { cause: error, ...(error.hint !== undefined && { hint: error.hint }) });
    if (code === 'ENOENT' || code === 'EISDIR' || code === 'EACCES')
      throw new UsageError(`Cannot read the history ${file}: ${code}`, { cause: error });
    if (error instanceof RangeError || error instanceof TypeError)
      throw new UsageError(error.message, {
        cause: error,
        hint: 'Options of the checker are given with --set name=value.',
      });
    throw error;
  }
}

function optionsOf(pairs: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, name, text] = /^([A-Za-z]\w*)=(.*)$/s.exec(pair) ?? [];
      if (name === undefined || text === undefined)
        throw new UsageError(`Cannot use --set: current value is ${JSON.stringify(pair)}, must be name=value`);
      try {
        return [name, JSON.parse(text) as unknown];
      } catch {
        return [name, text];
      }
    }),
  );
}

function unknown(what: string, given: string, names: readonly string[], others: readonly string[] = []): UsageError {
  const meant = nearest(given, [...names, ...others]);
  return new UsageError(
    `Unknown ${what} ${JSON.stringify(given)}${meant === undefined ? '' : `: did you mean ${meant}?`}`,
    { hint: `Known are ${names.join(', ')}.` },
  );
}
