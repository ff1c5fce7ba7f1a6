/** Small changes to authentication and authorization. */
export const auth = [
  {
    name: 'withdrawn-keys-kept',
    file: 'auth/caching-key-source.ts',
    from: 'keys = await fetchKeys(options.url, options.timeoutMs);',
    to: 'keys = new Map([...keys, ...(await fetchKeys(options.url, options.timeoutMs))]);',
  },
  {
    name: 'asks-a-failing-issuer-at-once',
    file: 'auth/caching-key-source.ts',
    from: 'if (refreshing === undefined && lastFailed && askedMs - attemptedMs < options.cooldownMs) break;',
    to: '',
  },
  {
    name: 'no-cool-down',
    file: 'auth/caching-key-source.ts',
    from: 'const waitMs = attemptedMs + options.cooldownMs - performance.now();',
    to: 'const waitMs = 0;',
  },
  {
    name: 'expiry-not-required',
    file: 'auth/token-verifier.ts',
    from: "requiredClaims: ['sub', 'exp'],",
    to: "requiredClaims: ['sub'],",
  },
  { name: 'issuer-unchecked', file: 'auth/token-verifier.ts', from: '        issuer,\n', to: '' },
  {
    name: 'tolerance-in-other-units',
    file: 'auth/token-verifier.ts',
    from: 'clockTolerance: clockToleranceMs / 1000,',
    to: 'clockTolerance: clockToleranceMs,',
  },
  {
    name: 'empty-subject-accepted',
    file: 'auth/token-verifier.ts',
    from: "if (typeof payload.sub !== 'string' || payload.sub === '')",
    to: "if (typeof payload.sub !== 'string')",
  },
  {
    name: 'large-key-sets-read',
    file: 'auth/fetch-keys.ts',
    from: 'bytes > MAX_BYTES',
    to: 'bytes > MAX_BYTES * 1024',
  },
  {
    name: 'status-of-the-issuer-ignored',
    file: 'auth/fetch-keys.ts',
    from: 'if (!response.ok) {',
    to: 'if (response.status === 404) {',
  },
  {
    name: 'roles-without-tenant',
    file: 'domain/roles.ts',
    from: 'return `${encodeURIComponent(tenant)}/${encodeURIComponent(subject)}`;',
    to: 'return encodeURIComponent(subject) || tenant;',
  },
  {
    name: 'roles-invalidated-first',
    file: 'domain/roles.ts',
    from: '      try {\n        await statements.writing',
    to: '      try {\n        await cache.invalidate(memberKey({ tenant, subject }));\n        await statements.writing',
    and: [
      {
        from: '      } finally {\n        await cache.invalidate(memberKey({ tenant, subject }));\n',
        to: '      } finally {\n',
      },
    ],
  },
];
