export { createHttpProxy } from './create-http-proxy.js';
export type { HttpProxy, HttpProxyOptions } from './create-http-proxy.js';
export type { HttpUpstream } from './http-gate.js';
