/** One thing that a proxy of HTTP does to answers. Plain data: the proxy knows how. */
export interface HttpToxic {
  readonly type: string;
  /** An answer in place of the upstream's. */
  readonly instead?: {
    readonly status: number;
    readonly fields: Readonly<Record<string, string>>;
    readonly body: string;
    /** The upstream gets the request, and its answer is thrown away. Default: it is not asked. */
    readonly isAsked: boolean;
  };
  /** Header fields in place of those of the answer. */
  readonly fields?: Readonly<Record<string, string>>;
  /** A body in place of that of the answer. */
  readonly body?: string;
  /** The pace of the body. */
  readonly bytesPerSecond?: number;
  /** The connection ends after so many bytes of the body, if it has more. */
  readonly mostBytes?: number;
}

/** Options for adding an {@link HttpToxic}. */
export interface AddHttpOptions {
  /** Requests that it acts on: those whose target starts with this. Default: all. */
  readonly path?: string;
  /** Share of these requests, 0 to 1, drawn for each one from the seed. Default 1. */
  readonly toxicity?: number;
  /** Removes itself after this time. Default: never. */
  readonly durationMs?: number;
}

/** A toxic of HTTP in force on a proxy. */
export interface ActiveHttpToxic {
  /** The answers that it changed so far. */
  answers(): number;
  /** Removes it; answers that have begun end as they began. A second call does nothing. */
  remove(): void;
}
