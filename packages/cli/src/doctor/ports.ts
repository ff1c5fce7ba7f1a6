import { failed, type Check } from './check.js';

/** Checks that each slot can reserve its block of ports. */
export async function checkPorts(slots: number): Promise<Check> {
  const { acquirePortBlock } = await import('@chaos/runner/ports');
  const blocks: { readonly from: number; readonly to: number; release(): void }[] = [];
  try {
    for (let slot = 0; slot < slots; slot += 1) blocks.push(await acquirePortBlock());
    return { name: 'ports', status: 'ok', detail: blocks.map(({ from, to }) => `${from}-${to}`).join(', ') };
  } catch (error) {
    return failed('ports', error);
  } finally {
    for (const block of blocks) block.release();
  }
}
