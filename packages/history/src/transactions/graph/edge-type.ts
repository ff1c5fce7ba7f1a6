/** `to` wrote the version after one of `from`'s. */
export const WW = 1;
/** `to` read a version that `from` wrote. */
export const WR = 2;
/** `to` wrote the version after the one that `from` read. */
export const RW = 4;
/** The same process ran `from` before `to`. */
export const PROCESS = 8;
/** `from` was complete before `to` was invoked. */
export const REALTIME = 16;
/**
 * Goes on, at no cost, with the edge that led to a helper vertex. Helpers keep the graph linear where many transactions
 * precede many others: instead of an edge for each pair, all of the first lead to the helper and it leads to all of the
 * others.
 */
export const PASS = 32;
