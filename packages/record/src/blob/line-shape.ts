/** The shape of a value: a kind, a list of one shape, or fields. A name that ends with `?` may be missing. */
type Shape = 'text' | 'number' | 'anything' | readonly [Shape] | { readonly [name: string]: Shape };

const place: Shape = { file: 'text', line: 'number', column: 'number' };
const annotation: Shape = { type: 'text', 'description?': 'text' };
const error: Shape = { 'message?': 'text', 'stack?': 'text', 'name?': 'text', 'location?': place };
const ofTest = { testId: 'text' } satisfies Shape;

const test: Shape = {
  id: 'text',
  title: 'text',
  titlePath: ['text'],
  location: place,
  project: 'text',
  category: 'text',
  tags: ['text'],
  catches: ['text'],
  requires: ['text'],
  'needs?': ['text'],
  locks: ['text'],
  annotations: [annotation],
  expectedStatus: 'text',
};

const attempt: Shape = {
  testId: 'text',
  retry: 'number',
  status: 'text',
  startMs: 'number',
  durationMs: 'number',
  workerIndex: 'number',
  parallelIndex: 'number',
  errors: [error],
  steps: [{ title: 'text', category: 'text', startMs: 'number', durationMs: 'number', steps: ['anything'] }],
  attachments: [{ name: 'text', contentType: 'text', 'path?': 'text', 'body?': 'text' }],
  annotations: [annotation],
  stdout: ['text'],
  stderr: ['text'],
  phases: [{ name: 'text', durationMs: 'number' }],
  faults: [{}],
  recoveries: [{}],
  'loads?': [{}],
  'experiments?': [{}],
  'machine?': { runQueueWaitMs: {} },
  'failureClass?': 'text',
};

const origin: Shape = { host: 'text', 'slot?': 'number', 'worker?': 'number' };
const ofStep = { ...ofTest, retry: 'number', step: 'number' } satisfies Shape;

/** Of each line what its readers rely on; other types are from a newer version, and passed on as they are. */
const LINES: Readonly<Record<string, { readonly [name: string]: Shape }>> = {
  blob: {
    version: 'number',
    runId: 'text',
    rootDir: 'text',
    pathSeparator: 'text',
    'name?': 'text',
    'shard?': { current: 'number', total: 'number' },
  },
  'blob-tests': { tests: [test] },
  'run-start': {
    runId: 'text',
    startMs: 'number',
    argv: ['text'],
    config: { rootDir: 'text', metadata: {}, runner: { workers: 'number', projects: ['anything'] } },
    tests: [test],
  },
  'run-end': { status: 'text', endMs: 'number', durationMs: 'number' },
  'slot-state': { slot: 'number', state: 'text' },
  'test-start': { ...ofTest, retry: 'number', workerIndex: 'number', parallelIndex: 'number' },
  'test-end': { attempt, 'outcome?': 'text' },
  'test-skip': { ...ofTest, reason: 'text', 'outcome?': 'text' },
  'test-output': { 'testId?': 'text', text: 'text' },
  'fault-start': { ...ofTest, name: 'text' },
  'fault-end': { ...ofTest, name: 'text' },
  'step-start': { ...ofStep, 'parent?': 'number', title: 'text', category: 'text', timeMs: 'number' },
  'step-end': { ...ofStep, durationMs: 'number', 'error?': error, timeMs: 'number' },
  sample: { sample: { scope: 'text' } },
  'run-error': { error },
  diagnostic: { text: 'text' },
};

/** Describes the problem with the shape of a parsed line; `undefined` if readers can rely on it. */
export function shapeProblem(line: unknown): string | undefined {
  if (!isObject(line)) return `it is ${nameOf(line)}, not an object`;
  const { type } = line;
  if (typeof type !== 'string') return `its type is ${nameOf(type)}, not a text`;
  const shape = LINES[type];
  return shape === undefined ? undefined : mismatch(line, { ...shape, 'origin?': origin }, type);
}

function mismatch(value: unknown, shape: Shape, path: string): string | undefined {
  if (shape === 'anything') return undefined;
  if (shape === 'text' || shape === 'number') {
    const is = shape === 'text' ? typeof value === 'string' : typeof value === 'number';
    return is ? undefined : `${path} is ${nameOf(value)}, not a ${shape}`;
  }
  if (isList(shape)) {
    if (!Array.isArray(value)) return `${path} is ${nameOf(value)}, not a list`;
    return first(value, (each, index) => mismatch(each, shape[0], `${path}[${index}]`));
  }
  if (!isObject(value)) return `${path} is ${nameOf(value)}, not an object`;
  return first(Object.entries(shape), ([name, each]) => {
    const key = name.endsWith('?') ? name.slice(0, -1) : name;
    // An own property only: a line may be named like anything that objects have.
    const found = Object.hasOwn(value, key) ? value[key] : undefined;
    return found === undefined && key !== name ? undefined : mismatch(found, each, `${path}.${key}`);
  });
}

function first<T>(values: readonly T[], look: (value: T, index: number) => string | undefined): string | undefined {
  for (const [index, value] of values.entries()) {
    const problem = look(value, index);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function isList(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function nameOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return JSON.stringify(value).slice(0, 40);
}
