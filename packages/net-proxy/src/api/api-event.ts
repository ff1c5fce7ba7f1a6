/** Events of `GET /events`. `proxy` is the proxy as shown, or its name. */
export type ApiEvent =
  | {
      readonly type: 'proxy-created' | 'proxy-updated' | 'proxy-deleted';
      readonly proxy: Readonly<Record<string, unknown>>;
    }
  | {
      readonly type: 'toxic-added' | 'toxic-updated';
      readonly proxy: string;
      readonly toxic: Readonly<Record<string, unknown>>;
    }
  /** `expired`: by itself, after its duration. */
  | { readonly type: 'toxic-removed'; readonly proxy: string; readonly toxic?: string; readonly expired?: true }
  | {
      readonly type: 'connection-opened' | 'connection-closed';
      readonly proxy: string;
      readonly connection: Readonly<Record<string, unknown>>;
    }
  | { readonly type: 'connection-failed'; readonly proxy: string; readonly error: string };
