import type { Json } from '@chaos/spec';

/** Calls an export of a built module with `{ signal }`, for a slot that has no way out of its network namespace. */
export async function callOutside(
  { module, name }: { readonly module: string; readonly name: string },
  signal: AbortSignal,
): Promise<Json> {
  const found = ((await import(module)) as Readonly<Record<string, unknown>>)[name];
  if (typeof found !== 'function')
    throw new TypeError(
      `Cannot call ${name} of ${module} outside of the slot: it is ${found === undefined ? 'not exported' : `no function but ${typeof found}`}`,
    );
  return ((await (found as (options: { readonly signal: AbortSignal }) => unknown)({ signal })) ?? null) as Json;
}
