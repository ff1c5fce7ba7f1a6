import type { RunEvent, TestCase } from '@chaos/spec';
import type { Fingerprint } from '../checkout/fingerprint.js';

/** Progress of a run: its agents look at it all the time. */
export type RunState =
  /** Units are handed out. */
  | 'open'
  /** No more units will come: agents take their slots down and report. */
  | 'closing'
  /** Agents interrupt what runs, heal, report and stop. */
  | 'cancelled';

/** A run, as its coordinator announces it. */
export interface Manifest {
  readonly runId: string;
  readonly state: RunState;
  /** Grows while the coordinator lives. */
  readonly beat: number;
  /** Grows each time that a coordinator takes the run up. */
  readonly generation: number;
  readonly leaseMs: number;
  /** Further needs of an agent. */
  readonly fingerprint: Fingerprint;
  /** Queues of units, and what an agent must prove for each. */
  readonly classes: readonly UnitClass[];
  /** Capabilities that a test of the plan requires. */
  readonly requires: readonly string[];
  /** Wall clock of the last sign of life, ms; only to clear away what nobody continues. */
  readonly beatMs: number;
  /** Number of parts of the plan. */
  readonly planParts: number;
  readonly settings: RunSettings;
}

/** A part of the plan; paths below the root folder are portable. */
export interface PlanPart {
  readonly tests: readonly TestCase[];
  /** Slot fixtures by file. */
  readonly files: readonly (readonly [string, unknown])[];
}

/** Units that need the same things. */
export interface UnitClass {
  readonly name: string;
  readonly requires: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** Settings that are the same on all agents, though it does not stand in a file. */
export interface RunSettings {
  readonly argv: readonly string[];
  /** Flags that override the configuration, in the words of `CliOverrides`. */
  readonly overrides: Readonly<Record<string, unknown>>;
  readonly environment?: string;
  readonly seed: string;
  readonly variant?: string;
  readonly faults: boolean;
  readonly preserveOutput: 'always' | 'never' | 'failures-only';
}

/** Tests that an agent takes together. */
export interface Unit {
  readonly id: string;
  readonly generation: number;
  readonly ids: readonly string[];
  /** Nothing else runs on the agent meanwhile. */
  readonly alone: boolean;
}

/** An agent that has joined a run, or may not. */
export interface Session {
  readonly session: string;
  readonly agent: string;
  readonly host: string;
  readonly pid: number;
  readonly slots: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly capabilities: readonly string[];
  /** Grows while the agent lives. */
  readonly beat: number;
  /** Differences, if it was refused. */
  readonly refused?: readonly string[];
}

/** Messages of an agent to its coordinator. */
export type Message =
  // `expired`: found with a lease that another agent had lost.
  | { readonly kind: 'unit'; readonly unit: string; readonly state: 'started' | 'done' | 'expired' }
  | { readonly kind: 'event'; readonly unit?: string; readonly event: RunEvent }
  | {
      readonly kind: 'chunk';
      readonly unit: string;
      readonly file: string;
      readonly index: number;
      readonly data: string;
      /** With the last chunk: SHA-256 of the file. */
      readonly sha256?: string;
    }
  /** The last message: the agent has taken everything down. */
  | { readonly kind: 'left'; readonly reason?: string };

/** Messages in order; `seq` counts from 0 in each session. */
export interface Batch {
  readonly session: string;
  readonly seq: number;
  readonly messages: readonly Message[];
}
