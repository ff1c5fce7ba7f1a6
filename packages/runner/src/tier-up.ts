/**
 * For the command line of processes that run tests. V8 11 (Node 20) optimises a function once it has run some hundred kilobytes of
 * bytecode. A run of short tests is over before that pays: a third of its processor time went into it. What runs for seconds is
 * optimised a little later. Newer versions count calls, and do not know the flag.
 */
export const tierUpFlags: readonly string[] = process.versions.v8.startsWith('11.') ? ['--interrupt-budget=400000'] : [];
