import type { Reporter } from '@chaos/spec';
import { PlaywrightAdapter, type PlaywrightStyleReporter } from './playwright-reporter.js';

/** Options of {@link createCustomReporter}. */
export interface CustomReporterOptions {
  /** Name for error messages. */
  readonly file: string;
  /** Passed to the constructor. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Value of `config.configFile`. */
  readonly configFile?: string;
}

const PLAYWRIGHT = [
  'onConfigure',
  'onBegin',
  'onTestBegin',
  'onTestEnd',
  'onStdOut',
  'onStdErr',
  'onStepBegin',
  'onStepEnd',
  'onError',
  'onEnd',
  'onExit',
];

/**
 * A user's reporter, made from the default export of its module: a class with `onEvent` (spec `Reporter`), or one
 * written for Playwright Test (`onBegin`, `onTestEnd`, `onEnd`…).
 *
 * @throws TypeError where it is neither
 */
export function createCustomReporter(
  exported: unknown,
  { file, options = {}, configFile }: CustomReporterOptions,
): Reporter {
  if (typeof exported !== 'function')
    throw new TypeError(
      `Cannot use the reporter ${file}: file must export a single class, current value is ${exported === null ? 'null' : typeof exported}`,
    );
  const reporter: unknown = Reflect.construct(exported, [{ ...options }]);
  if (typeof reporter !== 'object' || reporter === null)
    throw new TypeError(`Cannot use the reporter ${file}: its constructor returns ${String(reporter)}`);
  const has = (method: string): boolean => typeof Reflect.get(reporter, method) === 'function';
  if (has('onEvent')) return reporter as Reporter;
  if (PLAYWRIGHT.some(has)) {
    const adapter = new PlaywrightAdapter(reporter as PlaywrightStyleReporter, configFile);
    // Errors name the user's class.
    return Object.defineProperty(adapter, 'constructor', { value: exported });
  }
  throw new TypeError(`Cannot use the reporter ${file}: it has neither onEvent nor one of ${PLAYWRIGHT.join(', ')}`);
}
