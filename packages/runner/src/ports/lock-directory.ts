/** Where blocks of ports are locked. Not in TMPDIR: ports belong to the machine, so all must look in the same place. */
export const LOCK_DIRECTORY = '/tmp/chaos-ports';
