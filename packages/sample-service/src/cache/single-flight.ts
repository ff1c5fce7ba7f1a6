/** Shares one answer among callers that ask for the same thing at the same time. */
export interface SingleFlight {
  run<T>(key: string, load: () => Promise<T>): Promise<T>;
  /** Later callers get an answer whose load starts after this call. */
  forget(key: string): void;
}

/** Shares within this process. */
export function createSingleFlight(): SingleFlight {
  const flights = new Map<string, Promise<unknown>>();
  return {
    run<T>(key: string, load: () => Promise<T>): Promise<T> {
      const running = flights.get(key) as Promise<T> | undefined;
      if (running !== undefined) return running;
      const flight: Promise<T> = load().finally(() => {
        if (flights.get(key) === flight) flights.delete(key);
      });
      flights.set(key, flight);
      return flight;
    },
    forget: (key) => void flights.delete(key),
  };
}
