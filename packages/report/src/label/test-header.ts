import type { ResolvedConfig, TestCase } from '@chaos/spec';
import { projectLabel } from './project-label.js';
import { relativePath } from '../relative-path.js';

/** `[project] › file:line:column › describe › title`, as Playwright names a test. */
export function testHeader({ project, location, titlePath }: TestCase, config: ResolvedConfig | undefined): string {
  const label = projectLabel(config, project);
  const place = `${relativePath(config?.rootDir ?? '/', location.file)}:${location.line}:${location.column}`;
  return [...(label === '' ? [] : [`[${label}]`]), place, ...titlePath].join(' › ');
}
