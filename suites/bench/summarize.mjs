const MIB = 2 ** 20;

/** Figures of whole runs, judged by the bars of the suites, and of each test over all runs. */
export function summarize(runs) {
  const tests = Object.fromEntries(
    [...byId(runs.flatMap(({ tests: list }) => list))]
      .toSorted(([one], [other]) => one.localeCompare(other, 'en', { numeric: true }))
      .map(([id, list]) => [id, testFigures(list)]),
  );
  const count = (run, verdict) => run.tests.filter((test) => test.verdict === verdict).length;
  const most = (of) => Math.max(...runs.map(of));
  const total = (verdict) => runs.reduce((sum, run) => sum + count(run, verdict), 0);
  const ran = (run) => run.tests.filter(({ verdict }) => verdict !== 'skipped').length;
  const wallSeconds = median(runs.map(({ wallMs }) => wallMs / 1000));
  const cpu = median(runs.map((run) => run.cpuSeconds / ran(run)));
  const memory = most(({ peakBytes }) => peakBytes / MIB);
  const inconclusive = most((run) => count(run, 'inconclusive'));
  const lacking = Object.values(tests).filter(
    ({ faults, recoveryMs }) => faults.length > 0 && recoveryMs === undefined,
  );
  return {
    tests,
    rows: [
      row('whole suite, median', `${wallSeconds.toFixed(0)} s`, '≤ 120 s', wallSeconds <= 120),
      row('processor time of a test', `${cpu.toFixed(2)} CPU-s`, '≤ 1.7', cpu <= 1.7),
      row('memory of a whole run, most (PSS)', `${memory.toFixed(0)} MiB`, '≤ 1,536 MiB', memory <= 1536),
      row(`failures in ${runs.length} runs`, String(total('unexpected')), '0', total('unexpected') === 0),
      row(`flaky in ${runs.length} runs`, String(total('flaky')), '0', total('flaky') === 0),
      row('inconclusive in a run, most', String(inconclusive), '≤ 2', inconclusive <= 2),
      row('tests with a fault and without a recovery', String(lacking.length), '0', lacking.length === 0),
    ],
  };
}

function byId(tests) {
  const groups = new Map();
  for (const test of tests) groups.set(test.id, [...(groups.get(test.id) ?? []), test]);
  return groups;
}

function row(what, measured, bar, met) {
  return { what, measured, bar, met };
}

// A test that was skipped in every run has no figures.
function testFigures(list) {
  const ran = list.filter(({ verdict }) => verdict === 'expected');
  if (ran.length === 0) return { faults: [] };
  const recoveries = ran.flatMap(({ recoveriesMs }) => recoveriesMs);
  return {
    ms: Math.round(median(ran.map(({ ms }) => ms))),
    faults: [...new Set(ran.flatMap(({ faults }) => faults))].toSorted((one, other) => one.localeCompare(other)),
    ...(recoveries.length > 0 && { recoveryMs: Math.round(median(recoveries)) }),
  };
}

function median(values) {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
