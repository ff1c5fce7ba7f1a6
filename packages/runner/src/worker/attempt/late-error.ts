import type { SerializedError } from '@chaos/spec';
import type { TestContext } from '../../info/test-context.js';
import { serializeError } from '../../data/serialize-error.js';

/** An uncaught error of a test that already has its result: reported for the run, with the name of the test. */
export function lateError(error: unknown, { title, file, line, column }: TestContext['info']): SerializedError {
  const data = serializeError(error);
  return {
    ...data,
    message: `After the end of the test "${title}", of something that it had started: ${data.message ?? ''}`,
    location: data.location ?? { file, line, column },
    hint: data.hint ?? 'Await what a test starts before the test ends.',
  };
}
