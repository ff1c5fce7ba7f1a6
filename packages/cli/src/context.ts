import type { Writable } from 'node:stream';

/** What a command gets from the process it runs in. */
export interface CliContext {
  readonly cwd: string;
  /** What follows `chaos`. */
  readonly argv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Results. With `--json` nothing but JSON. */
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  /** Messages. */
  readonly stderr: Writable & { readonly isTTY?: boolean };
}
