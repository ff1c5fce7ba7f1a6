import type { TestCase } from '@chaos/spec';
import { relativePath } from '../../relative-path.js';

/** The command line that reruns this test under the same conditions. */
export function reproduceCommand(test: TestCase, seed: string, rootDir: string, variant: string | undefined): string {
  const quoted = (word: string): string =>
    /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
  const words = ['pnpm', 'chaos', `${relativePath(rootDir, test.location.file)}:${test.location.line}`, '--seed', seed];
  return [...words, ...(variant === undefined ? [] : ['--variant', variant])].map(quoted).join(' ');
}
