import type picocolors from 'picocolors';

/** Functions that paint text, or leave it alone. */
export type Colors = ReturnType<typeof picocolors.createColors>;
