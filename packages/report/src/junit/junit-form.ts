/** What a JUnit report says besides the results; Playwright's names. */
export interface JunitForm {
  /** Name of the whole report. Default empty. */
  readonly suiteName: string;
  /** Id of the whole report. Default: that of the run. */
  readonly suiteId?: string | undefined;
  /** Puts `[project] ` before the name of each test: some consumers keep one test of each name. Default false. */
  readonly includeProjectInTestName: boolean;
  /**
   * Only what the schema `junit-10.xsd` of Jenkins' xunit plugin allows, which refuses a report with more: no `id` and
   * `skipped` of the whole, no `file`, `line` and properties of tests. Default false.
   */
  readonly strict: boolean;
}
