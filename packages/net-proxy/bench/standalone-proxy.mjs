import { startApiThread } from '../dist/api/index.js';

// As `chaos proxy` runs it: the API and its proxies in a thread of their own.
process.on('message', async ({ open }) => {
  const { url } = await startApiThread({ listen: { host: '127.0.0.1', port: 0 } });
  const answer = await fetch(`${url}/proxies`, {
    method: 'POST',
    body: JSON.stringify({ name: 'bench', listen: '127.0.0.1:0', upstream: `127.0.0.1:${open}` }),
  });
  const { listen } = await answer.json();
  process.send({ port: Number(listen.split(':').at(-1)) });
});
process.on('disconnect', () => process.exit());
