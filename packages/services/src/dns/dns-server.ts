import type { Fault } from '@chaos/spec';

/** Selects the names that a fault affects. */
export interface DnsFaultOptions {
  /** Default: all names of the server. */
  readonly name?: string;
}

/** A name server whose answers can be broken. Disposing stops it; a second call does nothing. */
export interface DnsServer extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** Known names with their addresses. */
  readonly names: Readonly<Record<string, string>>;
  /** Number of queries for addresses since the last reset, including unanswered ones. */
  queries(name?: string): number;
  /** Heals all faults; resolves when nothing is broken. */
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
