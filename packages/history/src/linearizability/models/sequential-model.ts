import type { Operation } from '../../operation.js';

/**
 * A sequential object: what one client alone would see of it. Linearizability of a history is judged against it.
 * States are values that are never changed in place.
 */
export interface SequentialModel<State = unknown> {
  readonly name: string;
  /** The state before the first operation. */
  init(): State;
  /**
   * The state after the operation, or `undefined` where the object in this state cannot answer so. Use only `f`,
   * `value` and `type`, unless `byProcess` is set. Of an `info` the value is what was asked, not what was answered: say
   * what it does if it takes effect. A `fail` never gets here. Throws `TypeError` for an operation that the object does
   * not have.
   */
  step(state: State, operation: Operation): State | undefined;
  /**
   * Equal exactly where two states are equal: a primitive. Default: states are compared by their structure, as their
   * JSON with sorted keys would be. A key that is long to make costs more than that.
   */
  key?(state: State): string | number | bigint | boolean;
  /**
   * True if the operation never changes any state. Such operations cost the search nothing, so say it wherever it is
   * true. Default: none.
   */
  isRead?(operation: Operation): boolean;
  /**
   * True if the operation's answer says something about the state, so that it could have been wrong. Default: every one
   * does.
   */
  observes?(operation: Operation): boolean;
  /** The state in words, after "it": `held 3`. Default: `was` and the state's JSON. */
  describe?(state: State): string;
  /** True if `step` looks at `process`. Default false. */
  readonly byProcess?: boolean;
}
