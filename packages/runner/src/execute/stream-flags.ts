/**
 * For the command line of slots, which carry the traffic of links (docs/decisions/0009): a larger young generation, and
 * a way to give memory back before it is collected, which Node 22 has by itself. Node does not start with a flag that
 * its V8 does not know: so none for versions that are still to come.
 */
export const streamFlags: readonly string[] = [
  ...(Number.parseInt(process.versions.v8, 10) <= 13 ? ['--min-semi-space-size=4'] : []),
  ...('transfer' in ArrayBuffer.prototype ? [] : ['--harmony-rab-gsab-transfer']),
];
