import type { Fault } from '@chaos/spec';

/** Which name a fault is about. */
export interface DnsFaultOptions {
  /** Default: all of the server's. */
  readonly name?: string;
}

/** A name server whose answers can be broken. Disposing stops it; twice is harmless. */
export interface DnsServer extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** The names that it knows, with their addresses. */
  readonly names: Readonly<Record<string, string>>;
  /** Queries for addresses since the last reset, those without an answer included. */
  queries(name?: string): number;
  /** Resolves when nothing is broken. */
  ready(): Promise<void>;
  reset(): Promise<void>;
  /** Answers with an error (RFC 1035 §4.1.1): default `SERVFAIL`, "try again"; `NXDOMAIN`, "there is no such name". */
  fail(options?: DnsFaultOptions & { readonly code?: 'SERVFAIL' | 'NXDOMAIN' | 'REFUSED' }): Fault;
  /** Answers late. */
  slow(options: DnsFaultOptions & { readonly delayMs: number }): Fault;
  /** Answers with another IPv4 address. */
  wrong(options: DnsFaultOptions & { readonly address: string }): Fault;
  /** Does not answer. */
  silent(options?: DnsFaultOptions): Fault;
  /** Fails for `downMs`, answers for `upMs`, and so on. */
  flap(options: DnsFaultOptions & { readonly downMs: number; readonly upMs: number }): Fault;
}
