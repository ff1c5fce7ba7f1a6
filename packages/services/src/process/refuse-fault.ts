import { ChaosError } from '@chaos/spec';

/** The error for a fault that needs the process of an external service. Code `FAULT_REFUSED`. */
export function refuseFault(fault: string, service: string, url: string): ChaosError {
  const { host } = new URL(url);
  return new ChaosError(
    'FAULT_REFUSED',
    `Cannot inject ${service} ${fault}: ${service} at ${host} is not a process of ours`,
    {
      hint: `Leave services.${service}.url out to get a server that may be broken, or break the link to it instead.`,
      data: { fault, service, host },
    },
  );
}
