/** The path that tests read, and how sure that is. */
export interface ReadRoute {
  readonly path: string;
  /**
   * `documented`: the OpenAPI document has it. `data`: it looks like a collection. `guess`: nothing speaks against it.
   * `health`: there is nothing else. `asked`: a person said it.
   */
  readonly certainty: 'documented' | 'data' | 'guess' | 'health' | 'asked';
}

export const HEALTH: RegExp = /\/(health|healthz|ready|readyz|readiness|live|livez|liveness|up|ping|status)$/;

// To call one of these may end the program, or the session: never guess one.
const ACTION =
  /(^|[/_-])(abort|admin|break|callback|clear|close|connect|crash|create|debug|delete|destroy|die|disconnect|drain|drop|end|error|exit|fail|fault|flush|halt|kill|leak|log-?in|log-?off|log-?out|migrate|oom|panic|pause|purge|quit|reboot|recover|reload|remove|reset|restart|run|seed|shut-?down|sign-?in|sign-?out|sign-?up|sleep|slow|start|stop|suspend|teardown|terminate|test|throw|toggle|trigger|truncate|unsubscribe|update|verify|wipe)($|[/_-])/i;
// For machines, people and browsers: no dependency is behind them.
const NO_DATA =
  /^\/$|(^|\/)(api-docs|assets|docs|favicon|info|metrics|openapi|public|robots|static|swagger|version)(\.|\/|$)|\/\.|\.(html?|css|js|ico|png|svg|txt|json|ya?ml)$/i;
const COLLECTION = /^\/(api|v\d+|rest)\/|[^s/]s$|\/list$/i;

/** The route that a person would most likely read with; `undefined` if there is none at all, not even for health. */
export function chooseRead(documented: readonly string[], routes: readonly string[]): ReadRoute | undefined {
  const isData = (path: string): boolean => !HEALTH.test(path) && !ACTION.test(path) && !NO_DATA.test(path);
  const known = documented.find(isData);
  if (known !== undefined) return { path: known, certainty: 'documented' };
  const data = routes.filter(isData);
  const collection = data.find((path) => COLLECTION.test(path));
  if (collection !== undefined) return { path: collection, certainty: 'data' };
  if (data[0] !== undefined) return { path: data[0], certainty: 'guess' };
  if (routes.includes('/')) return { path: '/', certainty: 'guess' };
  const health = [...documented, ...routes].find((path) => HEALTH.test(path));
  return health === undefined ? undefined : { path: health, certainty: 'health' };
}
