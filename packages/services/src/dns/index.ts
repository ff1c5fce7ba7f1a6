export { resolveThrough } from './resolve-through.js';
export { startDns } from './start-dns.js';
export type { DnsFaultOptions, DnsServer } from './dns-server.js';
export type { StartDnsOptions } from './start-dns.js';
