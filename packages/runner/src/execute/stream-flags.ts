/** For the command line of slots, which carry the traffic of links (docs/decisions/0009): a larger young generation, and a way to give memory back before it is collected, which Node 22 has by itself. */
export const streamFlags: readonly string[] = ['--min-semi-space-size=4', ...('transfer' in ArrayBuffer.prototype ? [] : ['--harmony-rab-gsab-transfer'])];
