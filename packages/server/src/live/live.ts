import type { Logger } from 'pino';
import { type Bounds, boundsKey } from '../store/bounds.ts';
import type { Store } from '../store/store.ts';
import { findNews, type News, type NewsKind } from './news.ts';
import { addTo, isNothing, nothingTold, type Tidings, type Told } from './told.ts';

/** Whoever wants to see things happen. */
export interface Listener {
  readonly bounds: Bounds;
  readonly kinds: ReadonlySet<NewsKind>;
  /** In the order of their kinds, not of what happened. `isIncomplete`: there was more. */
  hear(news: readonly News[], isIncomplete: boolean): void;
  /** The service stops. */
  end(): void;
}

/** What is happening, to those who listen. */
export interface Live {
  /** False: nobody listens, so nothing need be told. Costs a look at two values. */
  readonly isHeard: boolean;
  tell(tidings: Tidings): void;
  /** Null: too many listen already. Else ends the listening. */
  listen(listener: Listener): (() => void) | null;
  /** Whether somebody listens at this node. */
  readonly hasListeners: boolean;
  /** What another node told, for those who listen here. */
  repeat(tidings: Tidings): void;
  /** Whether somebody listens at another node: then what is told here is gathered for it. */
  setHeardElsewhere(isHeard: boolean): void;
  /** Takes what was gathered for other nodes; null: nothing. */
  takeForOthers(): Told | null;
  /** Ends all listening. */
  stop(): void;
}

/** Listeners of one process; each costs a connection and a part of the questions to the store. */
export const MAX_LISTENERS = 200;
/** What happens within this time is looked up together. */
const ROUND_MS = 250;

export function createLive({ store, log }: { store: Store; log: Logger }): Live {
  const listeners = new Set<Listener>();
  let forListeners = nothingTold();
  let forOthers = nothingTold();
  let isHeardElsewhere = false;
  let isUnderWay = false;
  let timer: NodeJS.Timeout | undefined;

  const repeat = (tidings: Tidings) => {
    if (listeners.size === 0) return;
    addTo(forListeners, tidings);
    schedule();
  };

  return {
    get isHeard() {
      return isHeardElsewhere || listeners.size > 0;
    },
    get hasListeners() {
      return listeners.size > 0;
    },
    tell(tidings) {
      repeat(tidings);
      if (isHeardElsewhere) addTo(forOthers, tidings);
    },
    listen(listener) {
      if (listeners.size >= MAX_LISTENERS) return null;
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    repeat,
    setHeardElsewhere(isHeard) {
      isHeardElsewhere = isHeard;
    },
    takeForOthers() {
      if (isNothing(forOthers)) return null;
      const taken = forOthers;
      forOthers = nothingTold();
      return taken;
    },
    stop() {
      clearTimeout(timer);
      for (const listener of listeners) listener.end();
      listeners.clear();
    },
  };

  function schedule(): void {
    if (isUnderWay) return;
    isUnderWay = true;
    timer = setTimeout(() => void round(), ROUND_MS);
  }

  async function round(): Promise<void> {
    const told = forListeners;
    forListeners = nothingTold();
    try {
      await spread(told);
    } catch (error) {
      log.warn({ err: error }, 'those who listen missed something: the store did not answer');
      for (const listener of listeners) listener.hear([], true);
    }
    isUnderWay = false;
    if (!isNothing(forListeners) && listeners.size > 0) schedule();
  }

  /** Asks once for all who see the same. */
  async function spread(told: Told): Promise<void> {
    const groups = Map.groupBy(listeners, ({ bounds }) => boundsKey(bounds));
    for (const group of groups.values()) {
      const kinds = new Set(group.flatMap((listener) => [...listener.kinds]));
      const news = await findNews(store, told, { bounds: group[0]!.bounds, kinds });
      for (const listener of group) {
        const wanted = news.filter(({ kind }) => listener.kinds.has(kind));
        if (wanted.length > 0 || told.isIncomplete) listener.hear(wanted, told.isIncomplete);
      }
    }
  }
}
