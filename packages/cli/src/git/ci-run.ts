import { readFileSync } from 'node:fs';

/** The CI run that this process belongs to, in the format of Playwright's `metadata.ci`. */
export interface CiRun {
  readonly commitHref?: string;
  readonly commitHash?: string;
  readonly buildHref?: string;
  readonly branch?: string;
  readonly prHref?: string;
  readonly prTitle?: string;
  readonly prBaseHash?: string;
}

/** From the variables of GitHub Actions, GitLab and Jenkins; `undefined` elsewhere. */
export function ciRun(env: NodeJS.ProcessEnv): CiRun | undefined {
  if (env['GITHUB_ACTIONS']) {
    const repository = `${env['GITHUB_SERVER_URL']}/${env['GITHUB_REPOSITORY']}`;
    const pull = pullRequest(env['GITHUB_EVENT_PATH']);
    return {
      commitHref: `${repository}/commit/${env['GITHUB_SHA']}`,
      ...given('commitHash', env['GITHUB_SHA']),
      buildHref: `${repository}/actions/runs/${env['GITHUB_RUN_ID']}`,
      ...(pull && { prHref: `${repository}/pull/${pull.number}`, prTitle: pull.title, prBaseHash: pull.base.sha }),
    };
  }
  if (env['GITLAB_CI'])
    return {
      commitHref: `${env['CI_PROJECT_URL']}/-/commit/${env['CI_COMMIT_SHA']}`,
      ...given('commitHash', env['CI_COMMIT_SHA']),
      ...given('buildHref', env['CI_JOB_URL']),
      ...given('branch', env['CI_COMMIT_REF_NAME']),
    };
  if (env['JENKINS_URL'] && env['BUILD_URL'])
    return {
      commitHref: env['BUILD_URL'],
      ...given('commitHash', env['GIT_COMMIT']),
      ...given('branch', env['GIT_BRANCH']),
    };
  return undefined;
}

function given(name: keyof CiRun, value: string | undefined): CiRun {
  return value === undefined ? {} : { [name]: value };
}

// A push event has no pull request.
function pullRequest(
  eventFile: string | undefined,
): { readonly number: number; readonly title: string; readonly base: { readonly sha: string } } | undefined {
  try {
    return (
      JSON.parse(readFileSync(eventFile ?? '', 'utf8')) as { readonly pull_request?: ReturnType<typeof pullRequest> }
    ).pull_request;
  } catch {
    return undefined;
  }
}
