import type {
  Json,
  RunningService,
  ServiceAddress,
  ServiceDefinition,
  ServiceFaults,
  ServiceHandle,
  ServiceMethods,
} from '@chaos/spec';

/**
 * Defines a service of your own: export it as the default of a module that `services.<name>.definition` of the
 * configuration names. It returns what it is given, with the types of what tests get. Put `prepare` and `start`
 * first, so that the others know what they give.
 */
export function defineService<
  const Name extends string,
  Running extends RunningService,
  Address extends ServiceAddress,
  Faults extends ServiceFaults<Running>,
  Methods extends ServiceMethods<Running>,
  Client extends object = ServiceHandle<Address, Faults, Methods>,
  Prepared extends Json = null,
>(
  definition: ServiceDefinition<Name, Running, Address, Faults, Methods, Client, Prepared>,
): ServiceDefinition<Name, Running, Address, Faults, Methods, Client, Prepared> {
  return definition;
}
