import { RunRecord, type TestRecord } from '@chaos/record';
import type { Attempt, Reporter, RunEvent } from '@chaos/spec';
import type { StoreFile } from '../collect/attachments.js';
import { machineHealth } from '../collect/machine-health.js';
import { rates } from '../collect/rates.js';
import { runInfo } from '../collect/run-info.js';
import { SampleSeries } from '../collect/sample-series.js';
import { testDetail } from '../collect/test-detail.js';
import { testRow } from '../collect/test-row.js';
import type { LiveChange, LiveStart, LiveState } from '../data/live-data.js';
import type { ReportIndex, TestDetail, TestRow } from '../data/report-data.js';
import { RunningNow } from './running-now.js';

const HOST_POINTS = 480;
const HOST_MS = 120_000;

/** What a page can say of the program around the run. */
type Around = Pick<LiveState, 'isRunning' | 'isWatching' | 'note'>;

interface Known {
  readonly run: RunRecord;
  readonly samples: SampleSeries;
  readonly record: TestRecord;
  row: TestRow;
}

/** The runs of a session, as one list of tests: a test that is run again replaces its earlier result. */
export class LiveRun implements Reporter {
  readonly #tests = new Map<string, Known>();
  readonly #changed = new Set<string>();
  readonly #now = new RunningNow();
  readonly #store: StoreFile;
  readonly #hosts = new Set<string>();
  #overloads: { startMs: number; endMs?: number; reason: string }[] = [];
  #run = new RunRecord('all');
  #samples = new SampleSeries();
  #around: Around = { isRunning: false, isWatching: false, note: '' };
  #hasNews = false;

  constructor(store: StoreFile) {
    this.#store = store;
  }

  /** True if there is something that pages have not been told. */
  get hasNews(): boolean {
    return this.#hasNews;
  }

  tell(around: Partial<Around>): void {
    this.#around = { ...this.#around, ...around };
    this.#hasNews = true;
  }

  onEvent(event: RunEvent): void {
    if (event.type === 'run-start') this.#begin();
    this.#run.apply(event);
    this.#now.apply(event, Date.now());
    if (event.origin !== undefined) this.#hosts.add(event.origin.host);
    if (event.type === 'run-start') for (const { id } of event.tests) this.#change(id);
    else if (event.type === 'test-end') this.#change(event.attempt.testId);
    else if (event.type === 'test-skip') this.#change(event.testId);
    else if (event.type === 'sample') this.#samples.add(event.sample);
    else if (event.type === 'overload-change') {
      const last = this.#overloads.at(-1);
      if (event.verdict.overloaded) this.#overloads.push({ startMs: event.timeMs, reason: event.verdict.reason });
      else if (last !== undefined) last.endMs ??= event.timeMs;
    }
    this.#hasNews = true;
  }

  // Results of earlier runs keep their record: their details can still be opened.
  #begin(): void {
    this.#run = new RunRecord('all');
    this.#samples = new SampleSeries();
    this.#overloads = [];
  }

  #change(id: string): void {
    const record = this.#run.tests.get(id);
    if (record === undefined) return;
    const row = testRow(record, attemptsOf(record, this.#run), this.#run, 'live');
    this.#tests.set(id, { run: this.#run, samples: this.#samples, record, row });
    this.#changed.add(id);
  }

  /** Everything, for a page that opens. */
  start(): LiveStart {
    const tests = this.#rows();
    const { run, errors, machine, rates: all } = this.#rest(tests);
    return { index: { schemaVersion: 1, run, tests, errors, machine, rates: all }, state: this.#state() };
  }

  /** What has changed since the last call. */
  change(): LiveChange {
    const rows = [...this.#changed].map((id) => this.#tests.get(id)!.row);
    this.#changed.clear();
    this.#hasNews = false;
    return { rows, state: this.#state(), ...this.#rest(this.#rows()) };
  }

  /** The details of a test, with the attempt that is under way. */
  detail(testId: string): TestDetail | undefined {
    const known = this.#tests.get(testId);
    if (known === undefined) return undefined;
    const { run, record, samples } = known;
    const detail = testDetail(record, attemptsOf(record, run), run, { samples, store: this.#store });
    const running = this.#now.attempt(testId, this.#samples, Date.now());
    return running === undefined ? detail : { ...detail, attempts: [...detail.attempts, running] };
  }

  #rows(): readonly TestRow[] {
    return [...this.#tests.values()].map(({ row }) => row);
  }

  #rest(tests: readonly TestRow[]): Omit<ReportIndex, 'tests' | 'schemaVersion'> {
    return {
      run: runInfo(this.#run, this.#hosts),
      errors: this.#run.errors,
      machine: machineHealth(this.#run, this.#samples, this.#overloads),
      rates: rates(tests),
    };
  }

  #state(): LiveState {
    const ended = [...this.#run.tests.values()].filter(({ outcome, skip }) => outcome ?? skip).length;
    const host = this.#samples.host(HOST_POINTS);
    const since = Date.now() - HOST_MS;
    const first = host?.timeMs.findIndex((timeMs) => timeMs >= since) ?? -1;
    return {
      ...this.#around,
      planned: this.#run.tests.size,
      ended,
      tests: this.#now.tests,
      slots: this.#now.slots,
      host:
        host === undefined || first < 0
          ? { timeMs: [], cpus: [] }
          : { timeMs: host.timeMs.slice(first), cpus: host.cpus.slice(first) },
    };
  }
}

function attemptsOf({ attempts }: TestRecord, run: RunRecord): readonly Attempt[] {
  return attempts.map((attempt) => run.attempt(attempt));
}
