import type { RunEvent, SerializedError, TestCase } from '@chaos/spec';

/** The tests of a run as they were planned: plain data, which survives JSON. */
export interface PlanData {
  readonly tests: readonly TestCase[];
  /** Slot fixtures by test file. */
  readonly slotFixtures: Readonly<Record<string, unknown>>;
}

/** Tests that have to run in one place, in this order: a file, a serial group, or one test that may run apart. */
export interface RemoteChain {
  readonly file: string;
  readonly ids: readonly string[];
  /** A group of it runs again as a whole. */
  readonly serial: boolean;
  /** Known from earlier runs, ms; 0 where nothing is known. */
  readonly durationMs: number;
  /** Locks that a test of it holds exclusively, or shared. */
  readonly exclusive: readonly string[];
  readonly shared: readonly string[];
  /** Capabilities that a test of it requires. */
  readonly requires: readonly string[];
}

/** The run, as seen by what runs its tests elsewhere. */
export interface RemoteRun {
  readonly runId: string;
  readonly plan: PlanData;
  /** Aborts when the run is stopped: what runs is to be interrupted. */
  readonly signal: AbortSignal;
  /**
   * Takes an event of a runner elsewhere. `test-end` and `test-skip` are recorded; one of a test that has its outcome
   * already is refused.
   *
   * @returns false if it was refused
   */
  accept(event: RunEvent): boolean;
  /** True if the test has its final verdict. */
  isDone(testId: string): boolean;
  /** Gives a test up that cannot run anywhere: it is skipped, or did not run. */
  skip(testId: string, reason: string, didNotRun: boolean): void;
  /** Reports an error that belongs to no test; the run fails. */
  error(error: SerializedError): void;
}

/** Runs the tests of a run elsewhere; this process plans and reports. */
export interface Remote {
  /** The run that is continued; default: a new one. */
  readonly runId?: string;
  /** Called once, before the first chains. */
  open(run: RemoteRun): Promise<void>;
  /** Runs these chains; resolves when every test of them has its verdict, or when all has stopped after an abort. */
  run(chains: readonly RemoteChain[]): Promise<void>;
  /** Ends everything; called once, whatever happened. */
  close(): Promise<void>;
}

/** Tests that belong together, handed to a runner while its run goes on. */
export interface FedUnit {
  /** Ids of tests of the plan, in its order. */
  readonly ids: readonly string[];
  /** Nothing else runs on this machine meanwhile. */
  readonly alone: boolean;
  /** Called when every test of it has its verdict. */
  done(): void;
}

/** Hands tests to a runner while its run goes on, so that its slots stay warm. */
export interface Feed {
  readonly plan: PlanData;
  /** Resolves with the next unit, or with `undefined` when there will be no more. */
  next(): Promise<FedUnit | undefined>;
}
