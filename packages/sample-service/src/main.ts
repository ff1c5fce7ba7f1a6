#!/usr/bin/env node
import { readSettings, SettingsError } from './settings.js';
import { start } from './start.js';

async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const service = await start(settings);
  process.stdout.write(`sample-service listens on ${service.url}\n`);

  const end = (): void => {
    // Requests end within their own time; nothing may hold the process longer.
    setTimeout(() => process.exit(1), settings.timeoutMs + 1000).unref();
    void service.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
}

main().catch((error: unknown) => {
  const isUsage = error instanceof SettingsError;
  process.stderr.write(
    `${isUsage ? `Cannot start:\n${error.problems.map((problem) => `  - ${problem}`).join('\n')}` : String((error as Error)?.stack ?? error)}\n`,
  );
  process.exit(isUsage ? 2 : 1);
});
