import { createHash } from 'node:crypto';

/** The file that holds a distribution of one's own, in the format of iproute2's `.dist` files. */
export function tableFile(table: readonly number[]): { readonly path: string; readonly text: string } {
  const digest = createHash('sha256').update(JSON.stringify(table)).digest('hex').slice(0, 16);
  return { path: `/tmp/chaos-${digest}.dist`, text: `${table.join('\n')}\n` };
}

/**
 * What tc calls it: it looks for `<its library>/<name>.dist`, and from there the way up ends at the root, however deep
 * it lies.
 */
export function tableReference(table: readonly number[]): string {
  return `../../../../../../../..${tableFile(table).path.slice(0, -'.dist'.length)}`;
}
