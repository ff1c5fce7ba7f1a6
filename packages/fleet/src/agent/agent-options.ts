import type { Calibration } from '@chaos/env';
import type { createRunner } from '@chaos/runner/run';
import type { ResolvedConfig, ServiceCapability } from '@chaos/spec';
import type { RunSettings } from '../protocol/messages.js';

/** The checkout of an agent, with its configuration resolved for this machine. */
export interface AgentCheckout {
  readonly config: ResolvedConfig;
  /** Texts of the layers that are read from files, by their name. */
  readonly layers: Readonly<Record<string, string>>;
  /** What services of the user's own look for. */
  readonly capabilities: readonly ServiceCapability[];
}

/** Options of an agent. */
export interface AgentOptions {
  readonly url: string;
  /** Shared by coordinators and agents; runs that are not signed with it are ignored. */
  readonly key: string;
  /** As reports name it. */
  readonly name: string;
  /** Tests at a time. */
  readonly slots: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly version: string;
  /** Ends with the first run that it has taken part in. */
  readonly once: boolean;
  /** Aborts when the agent is told to end. */
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
  readonly createRunner: typeof createRunner;
  readonly calibrate: () => Promise<Calibration>;
  /** Resolves the configuration of this checkout with the flags of a run. */
  readonly checkout: (settings: RunSettings) => Promise<AgentCheckout>;
}
