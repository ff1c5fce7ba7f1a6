import { createInterface } from 'node:readline';
import type { CliContext } from '../context.js';
import { missingFileOf, type Plan } from './plan.js';

/**
 * Lets a person correct the three guesses that matter most; an empty answer keeps a guess. Resolves with `undefined`
 * where the person ends it (Ctrl+C, Ctrl+D).
 */
export async function ask(plan: Plan, folder: string, { stdout }: CliContext): Promise<Plan | undefined> {
  const terminal = createInterface({ input: process.stdin, output: stdout });
  // The iterator keeps lines that were typed ahead of a question.
  const lines = terminal[Symbol.asyncIterator]();
  const question = async (text: string, guess: string): Promise<string> => {
    terminal.setPrompt(`${text} [${guess}] `);
    terminal.prompt();
    const { value, done } = (await lines.next()) as IteratorResult<string, undefined>;
    if (done === true) throw ENDED;
    return value.trim() || guess;
  };
  try {
    const command = await question('Which command starts the program?', plan.command);
    const programs = command === plan.command ? plan.programs : [];
    const asked = { ...plan, command, programs, missingFile: missingFileOf(command, folder), isSaid: true };
    if (plan.readPath === undefined) return asked;
    const readyPath = pathOf(await question('Which path answers with 2xx once it is ready?', plan.readyPath ?? 'none'));
    const readPath = pathOf(await question('Which path do clients read?', plan.readPath));
    return { ...asked, readyPath, readPath: readPath ?? plan.readPath, readIs: 'asked' };
  } catch (error) {
    if (error === ENDED) return undefined;
    throw error;
  } finally {
    terminal.close();
  }
}

const ENDED = new Error('the person has ended the questions');

function pathOf(answer: string): string | undefined {
  if (answer === 'none') return undefined;
  return answer.startsWith('/') ? answer : `/${answer}`;
}
