/** The fields of results.json that specs check. */
export interface JsonReport {
  readonly suites: readonly JsonSuite[];
  readonly errors: readonly { readonly message: string }[];
  readonly stats: {
    readonly expected: number;
    readonly skipped: number;
    readonly unexpected: number;
    readonly flaky: number;
  };
  readonly chaos: { readonly runId: string; readonly status: string; readonly seed: string };
}

/** A file, or a describe inside it. */
export interface JsonSuite {
  readonly specs: readonly { readonly title: string; readonly tests: readonly JsonTest[] }[];
  readonly suites?: readonly JsonSuite[];
}

/** A test with its attempts. */
export interface JsonTest {
  readonly projectName: string;
  readonly status: 'expected' | 'unexpected' | 'flaky' | 'skipped';
  readonly annotations: readonly { readonly type: string; readonly description?: string }[];
  readonly results: readonly JsonResult[];
}

/** One attempt. */
export interface JsonResult {
  readonly workerIndex: number;
  readonly status: string;
  readonly startTime: string;
  readonly duration: number;
  readonly retry: number;
  readonly stdout: readonly { readonly text: string }[];
  readonly stderr: readonly { readonly text: string }[];
  readonly annotations?: readonly { readonly type: string; readonly description?: string }[];
  readonly errors: readonly {
    readonly message: string;
    readonly location?: { readonly file: string; readonly line: number };
  }[];
  /** The first attempt. */
  readonly error?: { readonly chaos?: { readonly hint?: string } };
  /** `body` in base64. */
  readonly attachments: readonly { readonly name: string; readonly path?: string; readonly body?: string }[];
  readonly chaos: {
    readonly faults: readonly { readonly name: string; readonly startMs: number; readonly endMs?: number }[];
    readonly inconclusive?: string;
    readonly experiments?: readonly unknown[];
    readonly samples?: { readonly scopes: Readonly<Record<string, unknown>> };
    readonly loads: readonly {
      readonly operations: number;
      readonly counts: Readonly<Record<string, number>>;
      readonly timeline: { readonly ok: readonly number[]; readonly failed: readonly number[] };
    }[];
  };
}

/** The tests of a report by title. */
export function testsByTitle(report: JsonReport): ReadonlyMap<string, JsonTest> {
  const tests = new Map<string, JsonTest>();
  const walk = ({ specs, suites = [] }: JsonSuite): void => {
    for (const {
      title,
      tests: [test],
    } of specs)
      if (test) tests.set(title, test);
    suites.forEach(walk);
  };
  report.suites.forEach(walk);
  return tests;
}

/** The tests of a report by project and title, with a blank between. */
export function testsByProject(report: JsonReport): ReadonlyMap<string, JsonTest> {
  const tests = new Map<string, JsonTest>();
  const walk = ({ specs, suites = [] }: JsonSuite): void => {
    for (const spec of specs) for (const each of spec.tests) tests.set(`${each.projectName} ${spec.title}`, each);
    suites.forEach(walk);
  };
  report.suites.forEach(walk);
  return tests;
}
