import { API_KEY, type Started } from './start.ts';
import { eventually } from './eventually.ts';

export interface Message {
  readonly event: string;
  // oxlint-disable-next-line no-explicit-any -- tests look into messages of every shape
  readonly data: any;
}

/** Somebody who listens to a server. */
export interface Listening {
  readonly messages: readonly Message[];
  /** The first message of this kind that fits. */
  hears(event: string, fits?: (data: Message['data']) => boolean): Promise<Message>;
  readonly isOver: boolean;
  close(): void;
}

/** Listens to `/v1/live`, and waits until it is told that it does. */
export async function listen(
  server: Pick<Started, 'url'>,
  query = '',
  headers: Readonly<Record<string, string>> = { authorization: `Bearer ${API_KEY}` },
): Promise<Listening> {
  const ending = new AbortController();
  const response = await fetch(`${server.url}/v1/live${query}`, {
    headers,
    signal: ending.signal,
  });
  if (response.status !== 200) throw new Error(await response.text());
  const messages: Message[] = [];
  let isOver = false;
  void read(response.body!, messages)
    .catch(() => {})
    .finally(() => (isOver = true));
  const listening: Listening = {
    messages,
    get isOver() {
      return isOver;
    },
    hears: (event, fits = () => true) =>
      eventually(() => messages.find((one) => one.event === event && fits(one.data))),
    close: () => ending.abort(),
  };
  await listening.hears('listening');
  return listening;
}

async function read(body: ReadableStream<Uint8Array>, messages: Message[]): Promise<void> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop()!;
    for (const block of blocks) {
      const [, event, data] = /^event: (.*)\ndata: (.*)$/.exec(block) ?? [];
      if (event !== undefined) messages.push({ event, data: JSON.parse(data!) });
    }
  }
}
