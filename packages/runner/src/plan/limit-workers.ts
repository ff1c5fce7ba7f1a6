import type { ProjectConfig } from '@chaos/spec';
import type { JobChain } from './job-chains.js';

/** The same chains; jobs of projects with a worker limit count towards it. */
export function limitWorkers(chains: readonly JobChain[], projects: readonly ProjectConfig[]): JobChain[] {
  const limits = new Map(
    projects.flatMap(({ name, workers }) => (workers === undefined ? [] : [[name, { name, workers }] as const])),
  );
  if (limits.size === 0) return [...chains];
  return chains.map((chain) => ({
    ...chain,
    jobs: chain.jobs.map((job) => {
      const project = limits.get(job.tests[0]?.project ?? '');
      return project ? { ...job, claims: { ...job.claims, project } } : job;
    }),
  }));
}
