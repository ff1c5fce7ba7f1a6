import { join } from 'node:path';
import * as report from '@chaos/report';
import { UsageError, printable, type Reporter } from '@chaos/spec';
import type { CliContext } from '../context.js';
import { blobPlace, htmlFolder, outputFileOf } from './report-places.js';
import { junitForm, printsSteps } from './reporter-options.js';
import type { ReporterChoice } from './reporter-choice.js';

/** Settings for reporters, apart from the process context. */
export interface ReporterSettings {
  /** Folder that gets `blob-report/`. */
  readonly rootDir: string;
  /** Folder that gets `html/`. */
  readonly outputDir: string;
  readonly configFile: string | undefined;
  readonly verbose: boolean;
  /** Stored in a blob report, so that a merge can tell which parts are missing. */
  readonly shard?: { readonly current: number; readonly total: number } | undefined;
  /** JSON goes to standard output, even if the environment names a file. */
  readonly json: boolean;
}

/**
 * Creates reporters. JSON or XML on standard output stays alone there: text for people goes to standard error then.
 *
 * @throws UsageError where a user's reporter cannot be loaded
 */
export async function createReporters(
  choices: readonly ReporterChoice[],
  settings: ReporterSettings,
  context: CliContext,
): Promise<Reporter[]> {
  const { stdout, stderr, env } = context;
  const configFile = settings.configFile === undefined ? {} : { configFile: settings.configFile };
  const has = (wanted: string): boolean => choices.some((choice) => 'name' in choice && choice.name === wanted);
  const fileOf = ({ options }: ReporterChoice, name: 'json' | 'junit'): string | undefined =>
    outputFileOf(name, options, settings.rootDir, context);
  const printing = (name: 'json' | 'junit'): boolean =>
    choices.some((choice) => 'name' in choice && choice.name === name && fileOf(choice, name) === undefined);
  const jsonToStdout = settings.json || printing('json');
  const machine = jsonToStdout || printing('junit');
  const stream = machine ? stderr : stdout;
  const human = { stream, color: wantsColor(stream, env), verbose: settings.verbose };
  const make = (choice: ReporterChoice): Reporter | Promise<Reporter> => {
    if ('file' in choice) return customReporter(choice, configFile);
    const jsonFile = fileOf(choice, 'json');
    const junitFile = fileOf(choice, 'junit');
    switch (choice.name) {
      case 'list':
        return report.createListReporter({ ...human, printSteps: printsSteps(choice.options, env) });
      case 'line':
        return report.createLineReporter(human);
      case 'dot':
        return report.createDotReporter(human);
      case 'github':
        return report.createGithubReporter({ stream });
      case 'json':
        return jsonFile === undefined
          ? report.createNullReporter()
          : report.createJsonReporter({ outputFile: jsonFile, ...configFile });
      // XML cannot share standard output with JSON.
      case 'junit':
        return report.createJunitReporter({
          ...junitForm(choice.options, env),
          ...(junitFile === undefined ? { stream: jsonToStdout ? stderr : stdout } : { outputFile: junitFile }),
        });
      case 'blob':
        return report.createBlobReporter({
          ...blobPlace(settings.rootDir, choice.options, context),
          ...(settings.shard !== undefined && { shard: settings.shard }),
        });
      case 'html':
        return htmlReporter(
          htmlFolder(settings, choice.options, context),
          choice.options['singleFile'] === true,
          stream,
        );
      case 'null':
        return report.createNullReporter();
    }
  };
  const made: Reporter[] = [];
  for (const choice of choices) made.push(await make(choice));
  // Always print answers to SIGUSR1 (which tests are running), whatever reporters were chosen.
  if (!['list', 'line', 'dot'].some(has)) made.push(answering(stderr));
  return jsonToStdout ? [...made, report.createJsonReporter({ stream: stdout, ...configFile })] : made;
}

async function htmlReporter(
  folder: string,
  isSingle: boolean,
  stream: { write(text: string): unknown },
): Promise<Reporter> {
  const { createHtmlReporter } = await import('@chaos/report-html');
  const page = join(folder, 'index.html');
  const reporter = createHtmlReporter(isSingle ? { outputFile: page } : { outputFolder: folder });
  return {
    onEvent: (event) => reporter.onEvent(event),
    async end() {
      await reporter.end?.();
      stream.write(`  Report: ${page}\n`);
    },
  };
}

function answering(stream: CliContext['stderr']): Reporter {
  return {
    onEvent: (event) =>
      void (event.type === 'diagnostic' && event.asked === true && stream.write(`${printable(event.text)}\n`)),
  };
}

async function customReporter(
  { file, options }: { readonly file: string; readonly options: ReporterChoice['options'] },
  configFile: { readonly configFile?: string },
): Promise<Reporter> {
  const { loadInTime } = await import('@chaos/runner/run');
  try {
    return report.createCustomReporter((await loadInTime(file))['default'], { file, options, ...configFile });
  } catch (cause) {
    throw new UsageError(
      cause instanceof TypeError && cause.message.startsWith('Cannot use the reporter')
        ? cause.message
        : `Cannot load the reporter ${file}: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}

// https://no-color.org and https://force-color.org
function wantsColor(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  if (env['NO_COLOR']) return false;
  if (env['FORCE_COLOR']) return !['0', 'false'].includes(env['FORCE_COLOR']);
  return stream.isTTY === true;
}
