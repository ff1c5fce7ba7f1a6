export { createLink } from './create-link.js';
export { createLinkBackends } from './link-backends.js';
export * from './faults.js';
export type { LinkBackends, LinkBackendsOptions, LinkPlace } from './link-backends.js';
export type * from './options.js';
