import type { RunSettings } from '../protocol/messages.js';

/** Options of a fleet, as a run sees it. */
export interface FleetOptions {
  readonly url: string;
  /** Shared with the agents. */
  readonly key: string;
  readonly version: string;
  /** Folder of the configuration. */
  readonly rootDir: string;
  /** Where attached files go. */
  readonly outputDir: string;
  /** Texts of the layers that are read from files, by their name. */
  readonly layers: Readonly<Record<string, string>>;
  readonly settings: RunSettings;
  /** Time after which the units of an agent that gives no sign of life are given to others, ms. */
  readonly leaseMs: number;
  /** Time to wait for an agent that can run what is left, ms. */
  readonly patienceMs: number;
  /** Agents that can come, where that is known: when all of them have left, nobody is waited for. */
  readonly agents?: number;
  /** Continues a run whose coordinator was lost. */
  readonly resume?: string;
  readonly log: (line: string) => void;
}
