export { createLink } from './create-link.js';
export { createLinkBackends } from './backends/link-backends.js';
export * from './faults.js';
export type { LinkBackends, LinkBackendsOptions, LinkPlace } from './backends/link-backends.js';
export type * from './options.js';
