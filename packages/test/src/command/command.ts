import { InvariantViolation, OperationError, type DriverContext } from '@chaos/spec';
import { clientTimeMs } from '../driver/client-time.js';
import { runCommand, type CommandLine } from './run-command.js';

/** Options of {@link command}. */
export interface CommandOptions<Args extends readonly unknown[], Answer> {
  /**
   * How its standard output is read. `text` (default): as it is, without the last line break; `json`; `none`: only that
   * it succeeded counts; or a function that makes the answer of it.
   */
  readonly output?: 'text' | 'json' | 'none' | ((text: string) => Answer);
  /** Standard input. Default: empty. */
  readonly input?: (...args: Args) => string;
  /** Variables on top of the environment of the tests: `({ urls }) => ({ DATABASE_URL: urls.postgres })`. */
  readonly env?: (context: DriverContext) => Readonly<Record<string, string | undefined>>;
  /** Working folder. Default: that of the configuration. */
  readonly cwd?: string;
  /** Exit codes by which the program decides against it: `[2]`. Default: none. */
  readonly rejected?: readonly number[];
  /** Exit codes that say that it did not happen, and could at another time: `[69]`. Default: none. */
  readonly unavailable?: readonly number[];
  /** True for a right answer; it sees what the operation was called with. Default: any answer is right. */
  readonly right?: (answer: Answer, ...args: Args) => boolean;
  /** Time for the whole command, ms. Default: 1.5 × `timeout_ms`, longer where the machine is busy. */
  readonly timeoutMs?: number;
}

/** An operation that runs a command. */
export type CommandOperation<Args extends readonly unknown[], Answer> = (
  context: DriverContext,
  ...args: Args
) => Promise<Answer>;

/**
 * An operation that is a command: it must succeed, and its output is the answer. What it throws says what happened:
 *
 * - an exit code in `rejected` or `unavailable`: `OperationError` with this outcome;
 * - not ended in time: `timeout`, and it is killed;
 * - any other exit code, or a signal: `unknown`, for what it did until then is not known;
 * - output that cannot be read, or that `right` refuses: `InvariantViolation`;
 * - a program that is not there: `UsageError`.
 *
 * Nothing is tried again.
 *
 * @example
 * const operations = {
 *   enqueue: command((id: string) => ['node', 'cli.mjs', 'enqueue', id], { rejected: [2] }),
 *   pending: command<number>(['node', 'cli.mjs', 'pending'], { output: Number }),
 * };
 */
export function command<Answer = string, Args extends readonly unknown[] = []>(
  line: CommandLine | ((...args: Args) => CommandLine),
  options: CommandOptions<Args, Answer> = {},
): CommandOperation<Args, Answer> {
  const { output = 'text', input, env, cwd, rejected = [], unavailable = [], right, timeoutMs } = options;
  return async (context, ...args) => {
    const argv = typeof line === 'function' ? line(...args) : line;
    const { config, signal } = context;
    const name = argv.join(' ');
    const { code, killedBy, stdout, stderr } = await runCommand(argv, {
      name,
      cwd: cwd ?? config.rootDir,
      env: env?.(context) ?? {},
      input: input?.(...args) ?? '',
      timeoutMs: timeoutMs ?? clientTimeMs(context),
      signal,
    });
    if (code !== 0) {
      const outcome = code === null ? 'unknown' : outcomeOfCode(code, rejected, unavailable);
      const end = code === null ? `was ended by ${killedBy}` : `exited with code ${code}`;
      throw new OperationError(outcome, `${name} ${end}${said(stderr || stdout)}`, {
        data: { code, signal: killedBy },
      });
    }
    const answer = read(output, stdout, name);
    if (right?.(answer, ...args) === false)
      throw new InvariantViolation(`${name} answered${said(stdout)}, which is not right`);
    return answer;
  };
}

function outcomeOfCode(
  code: number,
  rejected: readonly number[],
  unavailable: readonly number[],
): OperationError['outcome'] {
  if (rejected.includes(code)) return 'rejected';
  return unavailable.includes(code) ? 'unavailable' : 'unknown';
}

function read<Answer>(output: NonNullable<CommandOptions<[], Answer>['output']>, stdout: string, name: string): Answer {
  if (output === 'none') return undefined as Answer;
  const text = stdout.replace(/\r?\n$/, '');
  if (output === 'text') return text as Answer;
  try {
    return output === 'json' ? (JSON.parse(text) as Answer) : output(text);
  } catch (cause) {
    throw new InvariantViolation(`${name} succeeded, but its output cannot be read${said(stdout)}`, { cause });
  }
}

const SHOWN_CHARACTERS = 500;

// The end says why a program failed.
function said(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '') return '';
  return trimmed.length > SHOWN_CHARACTERS ? `: …${trimmed.slice(-SHOWN_CHARACTERS)}` : `: ${trimmed}`;
}
