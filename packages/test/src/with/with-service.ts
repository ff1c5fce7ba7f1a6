import { needing, type SlotHandle, type TestInfo } from '@chaos/runner';
import type { Json, RunningService, ServiceAddress, ServiceDefinition } from '@chaos/spec';
import type { ChaosFixtures } from '../chaos-fixtures.js';
import type { Dns } from '../fixtures/dns.js';
import type { GetLink } from '../fixtures/link.js';
import { createService } from '../fixtures/service.js';
import { serviceInSlot } from '../service-in-slot.js';
import type { ShippedService } from '../shipped-service.js';
import type { TestType } from '../test-type.js';

/** The names of the services that a `test` with these fixtures knows. */
export type ServiceNames<F> = F extends { readonly link: (from: never, to: infer To) => unknown }
  ? Exclude<To & string, 'target'>
  : ShippedService;

/** Fixtures with one for a service more, whose name `link` and `dns` know. */
export type WithService<F, Name extends string, Client> = Omit<F, 'link' | 'dns' | Name> & {
  readonly [Key in Name]: Client;
} & {
  /** A connection that can be cut, slowed, reset or thinned; it knows the service by its name. */
  readonly link: GetLink<ServiceNames<F> | Name>;
  /** The names of services, which can fail, with the one that was added. */
  readonly dns: Dns<ServiceNames<F> | Name>;
};

// Names that a service must not have, because tests request it by name next to these fixtures.
const TAKEN = Object.keys({
  config: 0,
  dns: 0,
  experiment: 0,
  inject: 0,
  jwks: 0,
  link: 0,
  load: 0,
  postgres: 0,
  random: 0,
  recorder: 0,
  redis: 0,
  resources: 0,
  target: 0,
  targets: 0,
} satisfies Record<keyof ChaosFixtures, 0>);

/**
 * The same `test`, with a fixture for a service of your own, called as its definition is. The configuration names the
 * definition in `services.<name>.definition`. Throws `TypeError` for a name that a fixture has already.
 */
export function withService<
  F extends object,
  Name extends string,
  Running extends RunningService,
  Address extends ServiceAddress,
  Faults extends object,
  Methods extends object,
  Client extends object,
  Prepared extends Json,
>(
  test: TestType<F>,
  definition: ServiceDefinition<Name, Running, Address, Faults, Methods, Client, Prepared>,
): TestType<WithService<F, Name, Client>> {
  const { name } = definition;
  if (TAKEN.includes(name))
    throw new TypeError(`Cannot add the service ${JSON.stringify(name)}: every test has a fixture of this name`);
  const slot = `${name}Slot`;
  const fixture = async (
    fixtures: Readonly<Record<string, SlotHandle>>,
    use: (service: object) => Promise<void>,
    info: TestInfo,
  ): Promise<void> => {
    const service = createService(
      definition as unknown as ServiceDefinition,
      fixtures[slot] as SlotHandle,
      () => info.signal,
    );
    try {
      await use(service);
    } finally {
      await service[Symbol.asyncDispose]?.();
      service[Symbol.dispose]?.();
    }
  };
  const extended = test.extend<Record<string, unknown>>({
    [slot]: serviceInSlot(name),
    [name]: needing([slot], fixture as never),
  } as never);
  return extended as unknown as TestType<WithService<F, Name, Client>>;
}
