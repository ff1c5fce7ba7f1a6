import type { Recorder } from '@chaos/history';
import type { ActiveFault, Fault, InjectOptions, ResolvedConfig, TargetDriver } from '@chaos/spec';
import type { Random } from '@chaos/stats';
import type { Experiment } from './experiment/experiment.js';
import type { Dns } from './fixtures/dns.js';
import type { GetLink } from './fixtures/link.js';
import type { Jwks } from './fixtures/jwks.js';
import type { Load } from './fixtures/load.js';
import type { Postgres } from './fixtures/postgres/postgres.js';
import type { Redis } from './fixtures/redis.js';
import type { Resources } from './fixtures/resources.js';
import type { OperationsOf, Target } from './fixtures/target/target.js';
import type { Targets } from './fixtures/target/targets.js';

/** Fixtures of every chaos test, requested by name. Services start when the first test of a slot requests them. */
export interface ChaosFixtures<Driver extends TargetDriver = TargetDriver> {
  /** Configuration, resolved for this machine and environment, with the calibrated deadline factor. */
  readonly config: ResolvedConfig;
  /**
   * Injects a fault. It is recorded, its undo is journalled, and it is healed at the end of the test at the latest. A
   * test whose fault met nothing is inconclusive, unless it states that this is its claim.
   *
   * @example
   * await inject(link('target', 'jwks').cut(), { mayMeetNothing: 'keys are cached' });
   */
  readonly inject: (fault: Fault, options?: InjectOptions) => Promise<ActiveFault>;
  /** A connection that can be cut, slowed, reset or thinned: `link('target', 'postgres')`. */
  readonly link: GetLink;
  /** Names of services, whose resolution can fail. Only in a sandboxed slot. */
  readonly dns: Dns;
  /** The program under test: its driver's operations, its address, and its process. */
  readonly target: TargetDriver extends Driver ? Target : Target<OperationsOf<Driver>>;
  /** The programs under test, where `targets` of the configuration has several: their addresses and processes. */
  readonly targets: Targets;
  /** Runs a chaos experiment: steady state, faults, recovery, invariants; its figures are in the reports. */
  readonly experiment: Experiment;
  /** The slot's PostgreSQL: address, sessions and faults of the server. */
  readonly postgres: Postgres;
  /** The slot's Redis: address, connections and faults of the server. */
  readonly redis: Redis;
  /** The slot's token issuer: signed tokens, its keys, and its faults. */
  readonly jwks: Jwks;
  /** Load on the target: open and closed loops, warm-up, common starts, and the search for a phenomenon. */
  readonly load: Load;
  /**
   * Records a history, including the periods in which faults of `inject` were in force. If the test fails, its history
   * is attached.
   */
  readonly recorder: Recorder;
  /** Pressure on the machine and on processes: CPU time, memory, descriptors, disks, system calls. */
  readonly resources: Resources;
  /** Random numbers of this test, a stream per purpose; `--seed` repeats them. */
  readonly random: (purpose: string) => Random;
}
