/** Data that survives a process boundary unchanged. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
