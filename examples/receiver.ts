// A receiver: takes each genuine call once, and answers as soon as the record is safe.
// SECRET='a tern flies far' node examples/receiver.ts [PORT]
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { SignatureError, verify } from '@posthorn/sdk';

const secret = process.env['SECRET'] ?? '';
const [port = '8080'] = process.argv.slice(2);
/** In earnest a table with a unique key, written in the transaction that keeps the record. */
const seen = new Set<string>();

const server = createServer((request, response) => void take(request, response));
server.listen(Number(port), '127.0.0.1', () => console.log('Receiving', server.address()));

async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    // The raw bytes: the signature is over what was sent, not over what a parser makes of it.
    const call = await verify({ secret, headers: request.headers, body: await buffer(request) });
    const isNew = call.id !== null && !seen.has(call.id);
    if (isNew) {
      seen.add(call.id);
      if (call.action === 'BookingCreate') console.log(`Booked: ${call.record.ResourceName}`);
      else console.log(call.action, call.record);
    }
    // Also for a call that came before: it was taken.
    response.writeHead(204).end();
  } catch (error) {
    // 401: somebody else calls. 500: our mistake; the call comes again.
    response.writeHead(error instanceof SignatureError ? 401 : 500).end();
    console.error((error as Error).message);
  }
}
