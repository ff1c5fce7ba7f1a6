import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readText } from '../read-text.js';

/** The kind of container that this process runs in, or `none`. */
export function detectContainer(root: string, env: NodeJS.ProcessEnv): string {
  if (env['KUBERNETES_SERVICE_HOST'] !== undefined) return 'kubernetes';
  if (existsSync(join(root, '.dockerenv'))) return 'docker';
  if (existsSync(join(root, 'run/.containerenv'))) return 'podman';
  // systemd, LXC and podman name the container in the environment of process 1 (readable by root and inside user
  // namespaces only).
  const told = /(?:^|\0)container=([^\0]+)/.exec(readText(join(root, 'proc/1/environ')) ?? '')?.[1];
  if (told !== undefined) return told;
  const groups = readText(join(root, 'proc/1/cgroup')) ?? '';
  return /\b(kubepods|docker|containerd|lxc|garden)\b/.exec(groups)?.[1]?.replace('kubepods', 'kubernetes') ?? 'none';
}
