import { createServer } from 'vite';

/** What the service answers; every other address is a page. */
const API = String.raw`^/(v1|api|docs|inbox|healthz|readyz|metrics)(/|\?|$)`;

export interface DevServer {
  /** Where the pages are. */
  readonly url: string;
  close(): Promise<void>;
}

/** The pages with reload, in front of the service at `api`. They are served without a policy. */
export async function startDevServer(api: string, port: number): Promise<DevServer> {
  const server = await createServer({
    root: import.meta.dirname,
    configFile: `${import.meta.dirname}/vite.config.ts`,
    server: { host: '127.0.0.1', port, proxy: { [API]: { target: api } } },
    clearScreen: false,
    logLevel: 'warn',
  });
  await server.listen();
  return { url: server.resolvedUrls!.local[0]!, close: () => server.close() };
}
