import { QUESTION_NAMES, type QuestionName, type Store } from '../store.ts';
import type { SteadyClock } from '../steady-clock.ts';
import { openStoreThread, siblingModule, type StoreThread } from '../thread/proxy.ts';

/** What reads the store's file beside the thread that writes it. */
export interface Reader {
  readonly questions: Pick<Store, QuestionName>;
  close(): Promise<void>;
}

/**
 * A thread that answers questions, started with the first of them: a service that nobody looks at
 * does without its memory. One that ended by itself is replaced by the next question.
 *
 * A question sees all that was committed before it was asked.
 */
export function createReader(file: string, clock: SteadyClock): Reader {
  let opening: Promise<StoreThread> | undefined;

  const open = async () => {
    const thread = await openStoreThread({
      module: siblingModule(import.meta.url, 'reading-thread'),
      workerData: file,
      clock,
      onLost: () => (opening = undefined),
    });
    return thread;
  };
  const ask = async (name: QuestionName, input: unknown): Promise<unknown> => {
    opening ??= open().catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    const thread = await opening;
    return thread.operations([name])[name](input as never);
  };

  return {
    questions: Object.fromEntries(
      QUESTION_NAMES.map((name) => [name, (input: unknown) => ask(name, input)]),
    ) as never,
    async close() {
      await (await opening?.catch(() => undefined))?.close();
    },
  };
}
