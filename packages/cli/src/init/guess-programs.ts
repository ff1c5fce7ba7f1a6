import { commandOfScript } from './guess-command.js';
import type { ProjectFacts } from './look/project-facts.js';

/** One of several programs of a project. */
export interface GuessedProgram {
  readonly name: string;
  readonly command: string;
  /** It answers HTTP: others are ready when they run. */
  readonly isServer: boolean;
}

const SERVERS = ['api', 'server', 'web', 'http', 'app', 'backend', 'gateway'];
const WORKERS = ['worker', 'workers', 'jobs', 'queue', 'scheduler', 'cron', 'consumer', 'processor'];

/**
 * The programs of a project with several start scripts (`start:api` and `start:worker`, or `start` and `worker`), servers
 * first; none where there is one program.
 */
export function guessPrograms({ folder, scripts }: ProjectFacts): readonly GuessedProgram[] {
  const named = [...SERVERS, ...WORKERS].flatMap((role): readonly GuessedProgram[] => {
    const script = [`start:${role}`, `${role}:start`, ...(WORKERS.includes(role) ? [role] : [])].find(
      (name) => name in scripts,
    );
    if (script === undefined) return [];
    return [
      { name: role, command: commandOfScript(script, scripts[script] ?? '', folder), isServer: SERVERS.includes(role) },
    ];
  });
  const { start } = scripts;
  const isMissing = start !== undefined && !named.some(({ isServer }) => isServer);
  const all = isMissing
    ? [{ name: 'api', command: commandOfScript('start', start, folder), isServer: true }, ...named]
    : named;
  return all.length > 1 ? all : [];
}
