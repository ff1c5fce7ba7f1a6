import { redact, type ResolvedConfig } from '@chaos/spec';
import { SHIPPED } from '@chaos/services/descriptions';

/**
 * Words of `target.command` that hold a secret, masked: the URL of a service with a password, or a secret as such. The
 * command line of a process can be read by all users of the machine; its environment cannot.
 */
export function visibleSecrets({ target }: Pick<ResolvedConfig, 'target'>): readonly string[] {
  return (target.command ?? []).map((word) => redact(word)).filter((word) => word.includes('***') || hasUrl(word));
}

// The URL of a server over HTTP, such as the issuer, has no password.
function hasUrl(word: string): boolean {
  return [...word.matchAll(/\{(\w+)\.url\}/g)].some(
    ([, name]) => !('http:' in (SHIPPED.find((service) => service.name === name)?.protocols ?? {})),
  );
}
