export { createProxy } from './create-proxy.js';
export { httpContentType, httpSlowBody, httpStatus, httpTruncate } from './http/http-toxics.js';
export { bandwidth } from './toxics/bandwidth.js';
export { blackhole } from './toxics/blackhole.js';
export { connectDelay } from './toxics/connect-delay.js';
export { corrupt } from './toxics/corrupt.js';
export { duplicate } from './toxics/duplicate.js';
export { hangUp } from './toxics/hang-up.js';
export { latency } from './toxics/latency.js';
export { limitData } from './toxics/limit-data.js';
export { loss } from './toxics/loss.js';
export { noop } from './toxics/noop.js';
export { refuse } from './toxics/refuse.js';
export { reorder } from './toxics/reorder.js';
export { reset } from './toxics/reset.js';
export { resetPeer } from './toxics/reset-peer.js';
export { slicer } from './toxics/slicer.js';
export { slowClose } from './toxics/slow-close.js';
export { timeout } from './toxics/timeout.js';
export { createUdpProxy } from './udp/create-udp-proxy.js';
export type { ActiveToxic, AddOptions, Schedule } from './active-toxic.js';
export type { HttpProxy } from './http/create-http-proxy.js';
export type { ActiveHttpToxic, AddHttpOptions, HttpToxic } from './http/http-toxic.js';
export type {
  HttpContentTypeToxicOptions,
  HttpSlowBodyToxicOptions,
  HttpStatusToxicOptions,
  HttpTruncateToxicOptions,
} from './http/http-toxics.js';
export type { ConnectionInfo } from './tcp/connection.js';
export type { DelayAttributes, Distribution } from './timing/delay-law.js';
export type { Address } from './tcp/listener.js';
export type { Proxy, ProxyEvent, ProxyOptions, ProxyTotals } from './proxy.js';
export type { BandwidthAttributes } from './toxics/bandwidth.js';
export type { CorruptAttributes } from './toxics/corrupt.js';
export type { DuplicateAttributes } from './toxics/duplicate.js';
export type { LatencyAttributes } from './toxics/latency.js';
export type { LimitDataAttributes } from './toxics/limit-data.js';
export type { LossAttributes } from './toxics/loss.js';
export type { RefuseAttributes } from './toxics/refuse.js';
export type { ReorderAttributes } from './toxics/reorder.js';
export type { ResetPeerAttributes } from './toxics/reset-peer.js';
export type { SlicerAttributes } from './toxics/slicer.js';
export type { SlowCloseAttributes } from './toxics/slow-close.js';
export type { TimeoutAttributes } from './toxics/timeout.js';
export type { UdpProxy, UdpProxyEvent, UdpProxyOptions, UdpTotals } from './udp/udp-proxy.js';
export type { UdpSessionInfo } from './udp/udp-session.js';
export type {
  Chunk,
  DatagramToxic,
  DialDelayingToxic,
  MomentaryToxic,
  RefusingToxic,
  SilencingToxic,
  Stage,
  Toxic,
  Wire,
} from './toxic.js';
