import type { Annotation, Location, TestCase, TestOutcome } from '@chaos/spec';
import type { JsonConfig, JsonProject } from '../json/json-types.js';
import { relativePath } from '../relative-path.js';
import type { PlaywrightResult } from './playwright-result.js';

/** Playwright's `TestCase`, for reporters written for Playwright. */
export class PlaywrightTest {
  readonly type = 'test' as const;
  readonly id: string;
  readonly title: string;
  readonly location: Location;
  readonly parent: PlaywrightSuite;
  readonly results: PlaywrightResult[] = [];
  readonly tags: string[];
  readonly timeout: number;
  readonly retries: number;
  readonly repeatEachIndex = 0;
  annotations: Annotation[];
  expectedStatus: PlaywrightResult['status'];
  /** Final outcome, as soon as the runner has decided it. */
  decided: TestOutcome | undefined;

  constructor(test: TestCase, parent: PlaywrightSuite) {
    this.id = test.id;
    this.title = test.title;
    this.location = test.location;
    this.parent = parent;
    this.tags = [...test.tags];
    this.timeout = test.timeoutMs;
    this.retries = test.retries;
    this.annotations = [...test.annotations];
    this.expectedStatus = test.expectedStatus;
  }

  outcome(): TestOutcome {
    if (this.decided !== undefined) return this.decided;
    const told = this.results.filter(({ status }) => status !== 'interrupted');
    if (told.every(({ status }) => status === 'skipped')) return 'skipped';
    const wrong = told.filter(({ status }) => status !== this.expectedStatus && status !== 'skipped').length;
    return wrong === 0 ? 'expected' : wrong === told.length ? 'unexpected' : 'flaky';
  }

  ok(): boolean {
    return this.outcome() !== 'unexpected';
  }

  titlePath(): string[] {
    return [...this.parent.titlePath(), this.title];
  }
}

/** Playwright's `Suite`: root, then projects, files, describes. */
export class PlaywrightSuite {
  readonly type: 'root' | 'project' | 'file' | 'describe';
  readonly title: string;
  readonly location: Location | undefined;
  readonly parent: PlaywrightSuite | undefined;
  readonly suites: PlaywrightSuite[] = [];
  readonly tests: PlaywrightTest[] = [];
  readonly #entries: (PlaywrightSuite | PlaywrightTest)[] = [];
  readonly #children = new Map<string, PlaywrightSuite>();
  readonly #project: JsonProject | undefined;

  constructor(
    type: PlaywrightSuite['type'],
    title: string,
    place: {
      readonly location?: Location;
      readonly parent?: PlaywrightSuite;
      readonly project?: JsonProject | undefined;
    } = {},
  ) {
    this.type = type;
    this.title = title;
    this.location = place.location;
    this.parent = place.parent;
    this.#project = place.project;
  }

  entries(): (PlaywrightSuite | PlaywrightTest)[] {
    return this.#entries;
  }

  allTests(): PlaywrightTest[] {
    return this.#entries.flatMap((entry) => (entry.type === 'test' ? [entry] : entry.allTests()));
  }

  titlePath(): string[] {
    return [
      ...(this.parent?.titlePath() ?? []),
      ...(this.title === '' && this.type === 'describe' ? [] : [this.title]),
    ];
  }

  project(): JsonProject | undefined {
    return this.#project ?? this.parent?.project();
  }

  child(type: PlaywrightSuite['type'], title: string, location?: Location, project?: JsonProject): PlaywrightSuite {
    const known = this.#children.get(title);
    if (known !== undefined) return known;
    const suite = new PlaywrightSuite(type, title, {
      parent: this,
      project,
      ...(location !== undefined && { location }),
    });
    this.#children.set(title, suite);
    this.suites.push(suite);
    this.#entries.push(suite);
    return suite;
  }

  add(test: TestCase): PlaywrightTest {
    const added = new PlaywrightTest(test, this);
    this.tests.push(added);
    this.#entries.push(added);
    return added;
  }
}

/** The tree of a run, and its tests by id. */
export function playwrightTree(
  tests: readonly TestCase[],
  config: JsonConfig,
): { readonly root: PlaywrightSuite; readonly byId: ReadonlyMap<string, PlaywrightTest> } {
  const root = new PlaywrightSuite('root', '');
  const byId = new Map<string, PlaywrightTest>();
  for (const test of tests) {
    const { project, location, titlePath } = test;
    const known = config.projects.find(({ id }) => id === project);
    let suite = root.child('project', known?.name ?? project, undefined, known);
    suite = suite.child('file', relativePath(config.rootDir, location.file), {
      file: location.file,
      line: 0,
      column: 0,
    });
    for (const title of titlePath.slice(0, -1)) suite = suite.child('describe', title, location);
    byId.set(test.id, suite.add(test));
  }
  return { root, byId };
}
