/** Reporters of our own. */
export const REPORTERS = ['list', 'line', 'dot', 'json', 'junit', 'github', 'blob', 'html', 'null'] as const;

/** A requested reporter: one of ours, or a module. */
export type ReporterChoice = ({ readonly name: (typeof REPORTERS)[number] } | { readonly file: string }) & {
  readonly options: Readonly<Record<string, unknown>>;
};
