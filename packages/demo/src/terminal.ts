import { styleText } from 'node:util';
import type { Delivery } from './client.ts';
import type { News } from './watch.ts';

/** How wide the time before each line is; what follows from a line stands below its text. */
const INDENT = ' '.repeat(10);

type Tone = 'plain' | 'quiet' | 'good' | 'warn' | 'bad';

export interface Terminal {
  say(text: string, tone?: Tone): void;
  /** What takes place at the front desk. */
  story(event: string, text: string): void;
  /** What came of it, those of one event together. */
  news(news: readonly News[]): void;
}

/** Events whose story is remembered, to say what a late delivery was about. */
const REMEMBERED = 2000;
/** Characters of a story that are told again. */
const LONGEST_STORY = 56;

/** Tells in lines of plain words; with colour only where a person reads (and NO_COLOR is not set). */
export function openTerminal(out: NodeJS.WriteStream, now: () => number): Terminal {
  const stories = new Map<string, string>();
  let last = '';

  return {
    say,
    story(event, text) {
      say(`${clock(now())}  ${text}`);
      stories.set(event, text);
      if (stories.size > REMEMBERED) stories.delete(stories.keys().next().value!);
      last = event;
    },
    news(news) {
      const fresh = news.flatMap((one) =>
        one.kind === 'delivered' && one.delivery.event === last && one.delivery.attempts === 1
          ? `${one.delivery.webhookName} ${one.afterMs} ms`
          : [],
      );
      if (fresh.length > 0) below(`✓ ${fresh.join(', ')}`, 'quiet');
      for (const one of news) tell(one);
    },
  };

  function tell(news: News): void {
    switch (news.kind) {
      case 'delivered': {
        const { delivery, afterMs } = news;
        if (delivery.event === last && delivery.attempts === 1) return;
        const attempt = delivery.attempts > 1 ? `attempt ${delivery.attempts}, ` : '';
        return below(
          `✓ ${delivery.webhookName}: ${attempt}after ${seconds(afterMs)}${about(delivery)}`,
          'good',
        );
      }
      case 'missed': {
        const { delivery, error } = news;
        const nth = delivery.attempts > 1 ? ` at attempt ${delivery.attempts}` : '';
        return below(
          `✗ ${delivery.webhookName}${nth}: ${error}; ${again(delivery)}${about(delivery)}`,
          'warn',
        );
      }
      case 'given-up':
        return below(
          `✗ ${news.delivery.webhookName}: ${news.error}; all re-attempts are used up${about(news.delivery)}`,
          'bad',
        );
      case 'held':
        if (news.delivery.event === last) below(`‖ ${news.delivery.webhookName}: held`, 'quiet');
        return;
      case 'failing':
      case 'still-failing': {
        const { name, errorCount, lastError } = news.webhook;
        const still = news.kind === 'failing' ? '' : ' still';
        return below(
          `! ${name}${still} fails, ${errorCount} calls since it last went well: ${lastError}`,
          'warn',
        );
      }
      case 'switched-off':
        return banner(
          [
            `${news.webhook.name} is switched off. ${news.notice}.`,
            'What waits for it is held: nothing is lost, and nothing is sent until a person says so.',
          ],
          'bad',
        );
      case 'recovered':
        return below(`✓ ${news.webhook.name} works again`, 'good');
    }
  }

  function about({ event }: Delivery): string {
    const story = stories.get(event);
    return event === last || story === undefined ? '' : ` (${shortened(story)})`;
  }

  function again({ nextAttemptAt }: Delivery): string {
    return nextAttemptAt === null
      ? 'tried again'
      : `again in ${seconds(Math.max(0, Date.parse(nextAttemptAt) - now()))}`;
  }

  function below(text: string, tone: Tone): void {
    say(INDENT + text, tone);
  }

  function banner(lines: readonly string[], tone: Tone): void {
    say('');
    for (const line of lines) below(line, tone);
    say('');
  }

  function say(text: string, tone: Tone = 'plain'): void {
    out.write(`${tone === 'plain' ? text : styleText(STYLES[tone], text, { stream: out })}\n`);
  }
}

const STYLES = { quiet: 'dim', good: 'green', warn: 'yellow', bad: 'red' } as const;

function shortened(story: string): string {
  return story.length <= LONGEST_STORY ? story : `${story.slice(0, LONGEST_STORY - 2)} …`;
}

function clock(at: number): string {
  return new Date(at).toTimeString().slice(0, 8);
}

function seconds(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`;
}
