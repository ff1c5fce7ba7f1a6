import { UsageError, type TargetDriver } from '@chaos/spec';
import { loadModule } from './load-module.js';

/**
 * Loads the target's driver: the default export of `file`, or the export `driver`. Throws `UsageError` if there is
 * none.
 */
export async function loadDriver(file: string): Promise<TargetDriver> {
  const module = (await loadModule(file)) as { readonly default?: unknown; readonly driver?: unknown };
  const driver = [module.default, module.driver].find(isDriver);
  if (!driver)
    throw new UsageError(
      `Cannot use the driver ${file}: it has no default export with "operations", nor one called "driver"`,
      { hint: 'Export default { operations: { … } } of type TargetDriver.' },
    );
  return driver;
}

function isDriver(value: unknown): value is TargetDriver {
  if (typeof value !== 'object' || value === null || !('operations' in value)) return false;
  return typeof value.operations === 'object' && value.operations !== null;
}
