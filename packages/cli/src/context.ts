import type { Writable } from 'node:stream';

/** Process context of a command. */
export interface CliContext {
  readonly cwd: string;
  /** Words after `chaos`. */
  readonly argv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Results. With `--json` nothing but JSON. */
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  /** Messages. */
  readonly stderr: Writable & { readonly isTTY?: boolean };
}
