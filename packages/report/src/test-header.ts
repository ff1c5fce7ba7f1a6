import type { TestCase } from '@chaos/spec';
import { relativePath } from './relative-path.js';

/** `[project] › file:line:column › describe › title`, as Playwright names a test. */
export function testHeader({ project, location, titlePath }: TestCase, rootDir: string): string {
  const place = `${relativePath(rootDir, location.file)}:${location.line}:${location.column}`;
  return [...(project === '' ? [] : [`[${project}]`]), place, ...titlePath].join(' › ');
}
