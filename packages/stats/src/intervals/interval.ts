/** A range for an unknown ratio, 0…1. */
export interface Interval {
  readonly lower: number;
  readonly upper: number;
}
