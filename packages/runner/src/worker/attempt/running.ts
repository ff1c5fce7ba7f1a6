import type { ExperimentReport, LoadReport } from '@chaos/spec';
import type { ModifierNode, SuiteNode, TestNode } from '../../declare/suite.js';
import type { Pool } from '../../fixtures/pool.js';
import type { Scope } from '../../fixtures/scope.js';
import type { StartedList } from '../../info/started.js';
import type { TestInfo } from '../../info/test-info.js';
import type { AttemptVerdict } from './attempt-verdict.js';
import type { Clock } from '../time/clock.js';
import type { Injector } from './injector.js';
import type { Session } from '../session.js';

/** A running test, with everything that its phases share. */
export interface Running {
  readonly session: Session;
  readonly node: TestNode;
  readonly pool: Pool;
  readonly info: TestInfo;
  readonly clock: Clock;
  readonly scope: Scope;
  readonly injector: Injector;
  /** Claims of the test that hold only because a limit was stretched for this machine. */
  readonly stretched: string[];
  /** What its loads saw. */
  readonly loads: LoadReport[];
  /** What its experiments measured. */
  readonly experiments: ExperimentReport[];
  /** All asynchronous work that it started through us. */
  readonly started: StartedList;
  readonly verdict: AttemptVerdict;
  /** Records a failure; the first one decides the status. */
  fail(error: unknown): void;
  /** Records a failure of a suite's hook, which fails the run where that of the test would not. */
  failSuite(error: unknown): void;
}

let running: Running | undefined;

/** The running test of this process. */
export function runningTest(): Running | undefined {
  return running;
}

/** Called at the start of a test and, with `undefined`, at its end. */
export function setRunning(test: Running | undefined): void {
  running = test;
}

/** A suite whose conditions have been evaluated. */
export interface OpenSuite {
  readonly suite: SuiteNode;
  /** The test that opened it: hooks run with the fixtures of that test. */
  readonly openedBy: Running;
  /** Its modifiers that hold for each of its tests. */
  readonly modifiers: ModifierNode[];
  /** True once its beforeAll hooks have begun. */
  hasBegun: boolean;
  /** Error of its conditions or of a beforeAll hook; its tests cannot run. */
  failure: unknown;
}

/** The suites that are open in this process, outermost first. */
export const openedSuites: OpenSuite[] = [];
