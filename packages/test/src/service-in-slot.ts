import type { SlotFixtureReference } from '@chaos/spec';

/** The slot's side of a service, as a fixture. */
export function serviceInSlot(name: string): readonly [SlotFixtureReference, { readonly scope: 'slot' }] {
  const module = new URL('./slot/service-slot.js', import.meta.url).href;
  return [{ module, export: 'serviceSlot', name }, { scope: 'slot' }];
}
