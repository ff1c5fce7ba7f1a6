/** The way that bytes flow: `upstream` from the client (the target) to the service, `downstream` its answers. */
export type LinkDirection = 'upstream' | 'downstream';
