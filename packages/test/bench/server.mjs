import { createServer } from 'node:http';

// A service that answers at once: what is measured is on the way to it.
const answer = JSON.stringify({ id: '1', body: 'x'.repeat(40) });
const server = createServer((request, response) => {
  request.resume();
  response.setHeader('Content-Type', 'application/json');
  response.end(answer);
});
server.listen(0, '127.0.0.1', () => process.send(server.address().port));
