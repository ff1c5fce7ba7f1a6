import { http, type DriverContext, type TargetDriver } from '@chaos/test';

export interface Note {
  readonly id: string;
  readonly body: string;
}

const api = http();
const operations = {
  read: api.get<Note, [id: string]>((id) => `/notes/${id}`, { right: (note, id) => note.id === id }),
  write: api.put<unknown, [id: string, body: string]>((id) => `/notes/${id}`, { body: (_, body) => body }),
  search: api.get<{ readonly id: string }[], [words: string]>((words) => `/search?for=${encodeURIComponent(words)}`),
};

async function seed(context: DriverContext): Promise<void> {
  for (const id of ['0', '1', '2']) await operations.write(context, id, `body of note ${id}`);
}

export default { seed, operations } satisfies TargetDriver;
