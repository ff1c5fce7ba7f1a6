import type { Decision } from '../triage/decision.js';
import type { Suspect } from '../triage/suspect.js';

/** A suspect with its decision. */
export interface Explained {
  readonly suspect: Suspect;
  readonly decision: Decision;
}
