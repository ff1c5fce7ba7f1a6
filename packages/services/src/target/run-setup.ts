import { EnvironmentError } from '@chaos/spec';
import { lastOutput } from './last-output.js';
import { runInPlace, type CommandPlace } from './run-in-place.js';

const SAID_CHARACTERS = 4000;

/**
 * Runs what the target needs before its first start, such as migrations.
 *
 * @throws EnvironmentError with the end of its output, where it does not exit with 0 in time
 */
export async function runSetup(
  command: readonly string[],
  place: CommandPlace,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<void> {
  const { failure, output } = await runInPlace(command, place, { timeoutMs, signal });
  if (failure === undefined) return;
  signal.throwIfAborted();
  const said = lastOutput(output.slice(-SAID_CHARACTERS));
  throw new EnvironmentError(`Cannot set the target up by ${command.join(' ')}: ${failure}${said}`, {
    hint: 'target.setup in chaos.yaml must exit with 0; its time is target.ready.timeout_ms.',
  });
}
