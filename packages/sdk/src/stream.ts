import { PosthornError } from './error.ts';
import type { Silence } from './silence.ts';

/** One server-sent event. */
export interface ServerSentEvent {
  readonly event: string;
  readonly data: string;
}

/**
 * The events in the body of an answer, as they arrive; blocks without data are signs of life. Only
 * while it waits for the next bytes is the service silent: a reader may take any time for an event.
 */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  silence: Silence,
): AsyncGenerator<ServerSentEvent, void, undefined> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  try {
    for (;;) {
      const { done, value } = await silence.limit(reader.read());
      if (done) return;
      text += decoder.decode(value, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop()!;
      if (text.length > MAX_EVENT_CHARS) {
        throw new PosthornError({
          code: 'unexpected_answer',
          message: 'The answer is no stream of events.',
        });
      }
      for (const block of blocks) {
        const event = eventOf(block);
        if (event) yield event;
      }
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

const MAX_EVENT_CHARS = 1_000_000;

function eventOf(block: string): ServerSentEvent | null {
  const found = new Map(
    block.split('\n').map((line): [string, string] => {
      const at = line.indexOf(':');
      return [line.slice(0, at), line.slice(at + 1).trimStart()];
    }),
  );
  const data = found.get('data');
  return data === undefined ? null : { event: found.get('event') ?? 'message', data };
}
