import type { ServiceConfig } from '@chaos/spec';
import type { Recorder } from './recorder.js';

/** A dependency that is not started, as a service at a URL. */
export function resolveDependency(recorder: Recorder, name: string, speaks: 'tcp' | 'http'): ServiceConfig {
  const found = recorder.find<string>(`dependencies.${name}.${speaks}`);
  if (found !== undefined) recorder.note(`services.${name}`, found.provenance);
  return {
    speaks,
    url: speaks === 'http' ? found?.value : `tcp://${found?.value}`,
    startTimeoutMs: recorder.take(`dependencies.${name}.timeoutMs`),
  };
}
