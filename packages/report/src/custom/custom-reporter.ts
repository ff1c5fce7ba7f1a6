import type { Reporter } from '@chaos/spec';
import { PlaywrightAdapter, type PlaywrightStyleReporter } from './playwright-reporter.js';

/** Options of {@link createCustomReporter}. */
export interface CustomReporterOptions {
  /** Told in errors. */
  readonly file: string;
  /** Handed to the constructor. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Told in `config.configFile`. */
  readonly configFile?: string;
}

const PLAYWRIGHT = [
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
 * A reporter of the user's, made from what its module exports by default: a class with `onEvent` (spec `Reporter`), or
 * one that was written for Playwright Test (`onBegin`, `onTestEnd`, `onEnd`…).
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
  if (PLAYWRIGHT.some(has)) return new PlaywrightAdapter(reporter as PlaywrightStyleReporter, configFile);
  throw new TypeError(`Cannot use the reporter ${file}: it has neither onEvent nor one of ${PLAYWRIGHT.join(', ')}`);
}
