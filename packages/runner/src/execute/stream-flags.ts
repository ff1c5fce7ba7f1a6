/**
 * Flags for slot processes, which carry the traffic of links (docs/decisions/0009): a larger young generation, and a
 * way to free memory before collection, which Node 22 has by default. Node does not start with flags unknown to its V8,
 * so future versions get none.
 */
export const streamFlags: readonly string[] = [
  ...(Number.parseInt(process.versions.v8, 10) <= 13 ? ['--min-semi-space-size=4'] : []),
  ...('transfer' in ArrayBuffer.prototype ? [] : ['--harmony-rab-gsab-transfer']),
];
