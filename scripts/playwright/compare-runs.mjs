// What two runs of the same files told differently, without what docs/reference/playwright.md declares.

/** Differences, a line each; empty where both say the same. */
export function compareRuns(ours, stock) {
  if (stock.report === undefined || ours.report === undefined) {
    const silent = ours.report === undefined ? 'ours' : 'stock';
    return ours.report === stock.report ? [] : [`no report of ${silent}`];
  }
  const [mine, theirs] = [testsOf(ours.report), testsOf(stock.report)];
  const differences = [];
  if (ours.exit !== stock.exit && !isDeclaredExit(mine, theirs))
    differences.push(`exit: ${ours.exit} here, ${stock.exit} there`);
  for (const key of new Set([...mine.keys(), ...theirs.keys()])) {
    const [one, other] = [mine.get(key), theirs.get(key)];
    if (one === undefined || other === undefined) {
      differences.push(`${key}: only ${one === undefined ? 'there' : 'here'}`);
      continue;
    }
    for (const field of ['status', 'expected', 'attempts', 'notes', 'errors', 'steps', 'tags']) {
      if (one[field] === other[field] || isDeclared(field, one, other)) continue;
      differences.push(`${key}: ${field}: ${one[field]} here, ${other[field]} there`);
    }
  }
  const anyFailed = [...theirs.values()].some(({ attempts }) => /failed|timedOut|interrupted/.test(attempts));
  return [...differences, ...compareNotes(ours.notes, stock.notes, anyFailed)];
}

function testsOf(report) {
  const tests = new Map();
  const visit = (suite, path) => {
    const here = suite.title === suite.file ? [suite.file] : [...path, suite.title];
    for (const inner of suite.suites ?? []) visit(inner, here);
    for (const spec of suite.specs)
      for (const test of spec.tests) {
        const key = [test.projectName, ...here, spec.title].join(' > ');
        const count = [...tests.keys()].filter((each) => each === key || each.startsWith(`${key}#`)).length;
        tests.set(count === 0 ? key : `${key}#${count}`, told(spec, test));
      }
  };
  for (const suite of report.suites) visit(suite, []);
  return tests;
}

function told(spec, { status, expectedStatus, annotations, results }) {
  const of = (list) => list.map(({ type, description }) => `${type}(${description ?? ''})`).join();
  const stepsIn = (steps = []) => steps.map(({ title, steps: inner }) => `${title}[${stepsIn(inner)}]`).join();
  return {
    status,
    expected: expectedStatus,
    attempts: results.map((result) => result.status).join(),
    notes: of(annotations),
    tags: spec.tags.toSorted((one, other) => one.localeCompare(other)).join(),
    errors: results.map(({ errors }) => errors.map(({ message = '' }) => firstLine(message)).join('|')).join(' / '),
    steps: results.map(({ steps }) => stepsIn(steps)).join(' / '),
  };
}

function firstLine(message) {
  // eslint-disable-next-line no-control-regex -- stock colours its messages
  return message.replace(/\u001b\[\d+m/g, '').split('\n')[0];
}

// A failure that a retry did not clear stays one: "a test that failed and was skipped, or did not get its turn".
function isDeclared(field, one, other) {
  return field === 'status' && one.status === 'unexpected' && other.status === 'flaky';
}

function isDeclaredExit(mine, theirs) {
  return [...mine].some(([key, one]) => theirs.has(key) && isDeclared('status', one, theirs.get(key)));
}

/**
 * Code that ran, in its order. Workers of ours survive a failing test, so after one only what belongs to a single
 * attempt can be compared.
 */
function compareNotes(ours, stock, anyFailed) {
  const perFile = (notes) => {
    const files = new Map();
    for (const [project, path, retry, repeat, what] of notes) {
      const file = `${project} ${path.split(' > ')[0]}`;
      files.set(file, [...(files.get(file) ?? []), { of: `${path} #${retry}.${repeat}`, what }]);
    }
    return files;
  };
  const [mine, theirs] = [perFile(ours), perFile(stock)];
  const differences = [];
  for (const file of new Set([...mine.keys(), ...theirs.keys()])) {
    const texts = [mine.get(file) ?? [], theirs.get(file) ?? []].map((notes) =>
      anyFailed ? perAttempt(notes) : notes.map(({ of, what }) => `${of}: ${what}`),
    );
    const index = texts[0].findIndex((line, position) => line !== texts[1][position]);
    const at = index >= 0 ? index : texts[0].length < texts[1].length ? texts[0].length : -1;
    if (at < 0) continue;
    differences.push(`${file}: code: ${texts[0][at] ?? 'nothing'} here, ${texts[1][at] ?? 'nothing'} there`);
  }
  return differences;
}

function perAttempt(notes) {
  const attempts = new Map();
  for (const { of, what } of notes)
    if (!/^(?:beforeAll|afterAll)|^(?:up|down) /.test(what)) attempts.set(of, [...(attempts.get(of) ?? []), what]);
  return [...attempts].map(([of, list]) => `${of}: ${list.join(', ')}`);
}
