import type { JunitReporterOptions } from '@chaos/report';
import { nearest, UsageError } from '@chaos/spec';
import type { REPORTERS, ReporterChoice } from './reporter-choice.js';

const OPTIONS: Readonly<Record<(typeof REPORTERS)[number], readonly string[]>> = {
  list: ['printSteps'],
  line: [],
  dot: [],
  github: [],
  null: [],
  json: ['outputFile'],
  junit: [
    'outputFile',
    'suiteName',
    'suiteId',
    'includeProjectInTestName',
    'stripANSIControlSequences',
    'embedAnnotationsAsProperties',
    'strict',
  ],
  blob: ['outputDir', 'outputFile', 'fileName'],
  html: ['outputFolder', 'singleFile'],
};

/** Refuses an option that the reporter does not have: it would have no effect. */
export function checkReporterOptions(name: (typeof REPORTERS)[number], options: ReporterChoice['options']): void {
  const known = OPTIONS[name];
  for (const option of Object.keys(options)) {
    if (known.includes(option)) continue;
    const meant = nearest(option, known);
    throw new UsageError(
      `Unknown option ${JSON.stringify(option)} of the reporter ${name}${meant === undefined ? '' : `: did you mean ${meant}?`}`,
      { hint: known.length === 0 ? `${name} has no options.` : `Options of ${name}: ${known.join(', ')}.` },
    );
  }
}

/** True if the list shows the steps of tests. */
export function printsSteps({ printSteps }: ReporterChoice['options'], env: NodeJS.ProcessEnv): boolean {
  return printSteps === true || ['1', 'true'].includes(env['PLAYWRIGHT_LIST_PRINT_STEPS'] ?? '');
}

/** What a JUnit report says besides the results: of the options, else of Playwright's variables. */
export function junitForm(
  options: ReporterChoice['options'],
  env: NodeJS.ProcessEnv,
): Pick<JunitReporterOptions, 'suiteName' | 'suiteId' | 'includeProjectInTestName' | 'strict'> {
  const text = (name: string, variable: string): string | undefined =>
    typeof options[name] === 'string' ? options[name] : env[`PLAYWRIGHT_JUNIT_${variable}`];
  const suiteName = text('suiteName', 'SUITE_NAME');
  const suiteId = text('suiteId', 'SUITE_ID');
  const isIncluded = options['includeProjectInTestName'] ?? env['PLAYWRIGHT_JUNIT_INCLUDE_PROJECT_IN_TEST_NAME'];
  return {
    ...(suiteName !== undefined && { suiteName }),
    ...(suiteId !== undefined && { suiteId }),
    includeProjectInTestName: Boolean(isIncluded) && isIncluded !== '0' && isIncluded !== 'false',
    strict: options['strict'] === true,
  };
}
