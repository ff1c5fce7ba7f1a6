/** A qdisc as `tc -s -j qdisc show` tells it. */
export interface ShownQdisc {
  readonly kind: string;
  readonly handle: string;
  readonly root?: boolean;
  readonly parent?: string;
  readonly options?: Readonly<Record<string, unknown>>;
  /** Packets that wait in it. */
  readonly qlen?: number;
}
