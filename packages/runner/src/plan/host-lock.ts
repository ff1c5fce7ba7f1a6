/** The lock that every test holds shared, unless it asks for it exclusively: the machine. */
export const HOST = 'host';
