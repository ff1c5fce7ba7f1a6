import { http, type TargetDriver } from '@chaos/test';

const api = http();

export default {
  operations: {
    read: api.get<{ id: string }>(() => '/notes/1', { right: ({ id }) => id === '1' }),
  },
} satisfies TargetDriver;
