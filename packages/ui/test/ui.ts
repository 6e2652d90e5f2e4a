import {
  API_KEY,
  newDataDir,
  removeDataDir,
  type Started,
  startServer,
} from '@posthorn/testkit/server';
import { createClient, type Posthorn } from '@posthorn/sdk';
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { DESKTOP, openBrowser } from './browser.ts';
import { watchPage } from './page-watch.ts';

/** Whom {@link Ui.signIn} makes the first person. */
export const ADA = {
  name: 'Ada Post',
  email: 'ada@example.com',
  password: 'a horn in the morning',
};

/** Less than a test may take, so that what was not found is named. */
const PATIENCE_MS = 8000;

/** A service of its own with its pages, and a browser. */
export interface Ui {
  readonly server: Started;
  /** The API, as an operator: for what a test needs before it looks at a page. */
  readonly posthorn: Posthorn;
  /** A browser that knows nobody, at a desktop unless told otherwise. */
  open(options?: BrowserContextOptions): Promise<Opened>;
  /** The same, with Ada signed in; all that are opened so share one session. */
  openSignedIn(options?: BrowserContextOptions): Promise<Opened>;
  /** Ends the service, as a crash would; `again` starts it at the same address. */
  crash(): Promise<{ readonly again: () => Promise<void> }>;
  close(): Promise<void>;
}

export interface Opened {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the page did wrong so far. */
  readonly problems: () => readonly string[];
}

type Cookies = Awaited<ReturnType<BrowserContext['cookies']>>;

/** The link that the service printed for its first person. */
export function setupLinkOf(server: Started): string {
  const [link] = /http\S+\/setup\?token=\S+/.exec(server.output()) ?? [];
  if (link === undefined) throw new Error(`No setup link in:\n${server.output()}`);
  return link;
}

/** @param env Variables of the service, added to what tests need. */
export async function openUi(env: Readonly<Record<string, string>> = {}): Promise<Ui> {
  const dataDir = newDataDir();
  const [first, browser] = await Promise.all([startServer({ dataDir, env }), openBrowser()]);
  let server = first;
  const posthorn = createClient({ url: server.url, key: API_KEY });

  const setUp = async ({ request }: BrowserContext): Promise<Cookies> => {
    const token = new URL(setupLinkOf(server)).searchParams.get('token');
    const answer = await request.post('/v1/setup', { data: { ...ADA, token } });
    if (!answer.ok()) throw new Error(await answer.text());
    return (await request.storageState()).cookies;
  };
  let cookies: Cookies | undefined;

  const open = async (options: BrowserContextOptions = {}): Promise<Opened> => {
    const context = await browser.newContext({ ...DESKTOP, baseURL: server.url, ...options });
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    return { page, context, problems: watchPage(page, server.url) };
  };

  return {
    get server() {
      return server;
    },
    posthorn,
    open,
    async openSignedIn(options) {
      const opened = await open(options);
      cookies ??= await setUp(opened.context);
      await opened.context.addCookies(cookies);
      return opened;
    },
    async crash() {
      await server.kill();
      const { port } = new URL(server.url);
      return {
        async again() {
          server = await startServer({ dataDir, env, command: ['serve', '--port', port] });
        },
      };
    },
    async close() {
      await browser.close();
      await server.stop();
      removeDataDir(dataDir);
    },
  };
}
