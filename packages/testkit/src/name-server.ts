import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** One name's records for one question, in the order of the answer. */
export interface Records {
  /** Names that the asked one stands for, one after the other; the addresses are the last one's. */
  readonly cname?: readonly string[];
  readonly a?: readonly string[];
  /** Whole: eight groups of hex digits. */
  readonly aaaa?: readonly string[];
}

/** `silent`: no answer at all; `absent`: there is no such name. */
export type NameAnswer = Records | 'silent' | 'absent';

export interface NameServer {
  /** As `dns.Resolver.setServers` takes it: `127.0.0.1:PORT`. */
  readonly address: string;
  /** What a name has from now on. Names that were never set are absent. */
  set(name: string, answer: NameAnswer): void;
  /** The names that were asked for, as often as they were (A and AAAA are two questions). */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

const A = 1;
const CNAME = 5;
const AAAA = 28;

/** A name server on the loopback interface (UDP, RFC 1035) that answers what it is told to. */
export async function openNameServer(): Promise<NameServer> {
  const names = new Map<string, NameAnswer>();
  const asked: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (query, from) => {
    const { name, type, end } = readQuestion(query);
    asked.push(name);
    const answer = names.get(name.toLowerCase()) ?? 'absent';
    if (answer === 'silent') return;
    socket.send(respond(query.subarray(0, end), name, type, answer), from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');

  return {
    address: `127.0.0.1:${socket.address().port}`,
    asked,
    set: (name, answer) => void names.set(name, answer),
    async close() {
      socket.close();
      await once(socket, 'close');
    },
  };
}

function readQuestion(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at]!; length > 0; length = query[at]!) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.'), type: query.readUInt16BE(at + 1), end: at + 5 };
}

function respond(question: Buffer, name: string, type: number, answer: Records | 'absent'): Buffer {
  const records = answer === 'absent' ? [] : recordsFor(name, type, answer);
  const response = Buffer.concat([question, ...records]);
  // An answer, recursion available; 3 is "no such name".
  response.writeUInt16BE(answer === 'absent' ? 0x8183 : 0x8180, 2);
  for (const [i, count] of [1, records.length, 0, 0].entries())
    response.writeUInt16BE(count, 4 + 2 * i);
  return response;
}

function recordsFor(name: string, type: number, { cname = [], a = [], aaaa = [] }: Records) {
  const owners = [name, ...cname];
  const owner = owners.at(-1)!;
  const addresses =
    type === A
      ? a.map((text) => Buffer.from(text.split('.').map(Number)))
      : type === AAAA
        ? aaaa.map((text) => Buffer.from(text.replaceAll(':', ''), 'hex'))
        : [];
  return [
    ...cname.map((alias, i) => record(owners[i]!, CNAME, encodeName(alias))),
    ...addresses.map((bytes) => record(owner, type, bytes)),
  ];
}

function record(owner: string, type: number, data: Buffer): Buffer {
  const fixed = Buffer.alloc(10);
  fixed.writeUInt16BE(type, 0);
  fixed.writeUInt16BE(1, 2); // the internet
  // Time to live 0: whoever asks again gets what is true then.
  fixed.writeUInt16BE(data.length, 8);
  return Buffer.concat([encodeName(owner), fixed, data]);
}

function encodeName(name: string): Buffer {
  const labels = name.split('.').map((label) => {
    const bytes = Buffer.from(label, 'latin1');
    return Buffer.concat([Buffer.from([bytes.length]), bytes]);
  });
  return Buffer.concat([...labels, Buffer.from([0])]);
}
