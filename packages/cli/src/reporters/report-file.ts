import { resolve } from 'node:path';

/**
 * Path of a report from the environment: `…_OUTPUT_FILE`, else `…_OUTPUT_NAME` in `…_OUTPUT_DIR`, of `CHAOS_<kind>` or
 * `PLAYWRIGHT_<kind>`, relative to the working folder. `undefined` if none is set.
 */
export function reportFile(
  kind: 'JSON' | 'JUNIT' | 'BLOB',
  { cwd, env }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): string | undefined {
  const said = (name: string): string | undefined =>
    env[`CHAOS_${kind}_OUTPUT_${name}`] || env[`PLAYWRIGHT_${kind}_OUTPUT_${name}`] || undefined;
  const file = said('FILE');
  if (file !== undefined) return resolve(cwd, file);
  const name = said('NAME');
  return name === undefined ? undefined : resolve(cwd, said('DIR') ?? '.', name);
}
