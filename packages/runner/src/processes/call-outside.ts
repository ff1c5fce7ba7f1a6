import type { Json } from '@chaos/spec';
import { loadReference } from '../modules/load-reference.js';

/** Calls an export of a module with `{ signal }`, for a slot that has no way out of its network namespace. */
export async function callOutside(
  { module, name }: { readonly module: string; readonly name: string },
  signal: AbortSignal,
): Promise<Json> {
  const path = name.split('.');
  const [owner, found] = path.reduce<readonly [unknown, unknown]>(
    ([, value], key) => [value, (value as Readonly<Record<string, unknown>> | undefined)?.[key]],
    [undefined, await loadReference(module)],
  );
  if (typeof found !== 'function')
    throw new TypeError(
      `Cannot call ${name} of ${module} outside of the slot: it is ${found === undefined ? 'not exported' : `no function but ${typeof found}`}`,
    );
  return ((await (found as (options: { readonly signal: AbortSignal }) => unknown).call(owner, { signal })) ??
    null) as Json;
}
