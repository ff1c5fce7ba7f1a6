import { createHash } from 'node:crypto';

/** The file that holds a distribution of one's own, in the format of iproute2's `.dist` files. */
export function tableFile(table: readonly number[]): { readonly path: string; readonly text: string } {
  const digest = createHash('sha256').update(JSON.stringify(table)).digest('hex').slice(0, 16);
  return { path: `/tmp/chaos-${digest}.dist`, text: `${table.join('\n')}\n` };
}

/**
 * Path of the table for tc. tc looks for `<its library>/<name>.dist`, so climb to the root first; extra `..` stay at
 * the root, however deep the library lies.
 */
export function tableReference(table: readonly number[]): string {
  return `../../../../../../../..${tableFile(table).path.slice(0, -'.dist'.length)}`;
}
