import type { DefectEntries } from './defect-entry.js';

/** Defects of authentication and authorization. */
export const auth: DefectEntries = {
  'accept-alg-none': {
    summary: 'tokens without a signature are accepted',
    load: () => import('../defects/accept-alg-none.js'),
  },
  'accept-expired': {
    summary: 'tokens are accepted for many minutes past their end',
    load: () => import('../defects/accept-expired.js'),
  },
  'accept-hs256-with-public-key': {
    summary: 'tokens signed with the public key as a secret are accepted',
    load: () => import('../defects/accept-hs256-with-public-key.js'),
  },
  'fail-open-without-keys': {
    summary: 'tokens are believed unverified while the issuer is down',
    load: () => import('../defects/fail-open-without-keys.js'),
  },
  'fetch-keys-every-request': {
    summary: 'each token costs a request to the issuer',
    load: () => import('../defects/fetch-keys-every-request.js'),
  },
  'keys-dropped-on-failed-fetch': {
    summary: 'everyone is refused while the issuer is down',
    load: () => import('../defects/keys-dropped-on-failed-fetch.js'),
  },
  'never-refresh-keys': {
    summary: 'new keys are refused and withdrawn ones accepted for ever',
    load: () => import('../defects/never-refresh-keys.js'),
  },
  'no-clock-tolerance': {
    summary: 'new tokens are refused while the clock is a second behind',
    load: () => import('../defects/no-clock-tolerance.js'),
  },
  'no-timeout-for-keys': {
    summary: 'requests hang with the issuer',
    load: () => import('../defects/no-timeout-for-keys.js'),
  },
  'roles-cached-forever': {
    summary: 'a revoked role is granted on',
    load: () => import('../defects/roles-cached-forever.js'),
  },
  'roles-of-the-token-without-database': {
    summary: 'a role that was never granted works while the database is down',
    load: () => import('../defects/roles-of-the-token-without-database.js'),
  },
  'skip-audience': {
    summary: 'tokens for other services are accepted',
    load: () => import('../defects/skip-audience.js'),
  },
  'verified-tokens-cached-by-signature': {
    summary: 'claims can be changed once the token was seen',
    load: () => import('../defects/verified-tokens-cached-by-signature.js'),
  },
};
