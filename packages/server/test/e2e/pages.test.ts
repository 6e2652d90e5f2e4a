import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Started, startServer } from '../start.ts';

/** What a browser says when somebody opens an address. */
const OPENED = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

let server: Started;
beforeAll(async () => void (server = await startServer()));
afterAll(() => server.stop());

const get = (path: string, headers: Readonly<Record<string, string>> = OPENED) =>
  fetch(server.url + path, { headers });

describe('a browser that opens an address', () => {
  it.each(['/', '/webhooks', '/catalogue/BookingCreate', '/setup?token=x', '/nobody/knows'])(
    'gets the pages at %s, and asks again next time',
    async (path) => {
      const answer = await get(path);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(answer.headers.get('cache-control')).toBe('no-cache');
      expect(answer.headers.get('content-security-policy')).toContain("script-src 'self';");
      expect(await answer.text()).toContain('<div id="root">');
    },
  );

  it.each(['/v1/nothing', '/api/nothing', '/inbox/nothing', '/assets/gone.js', '/metrics/nothing'])(
    'is told that there is nothing at %s',
    async (path) => {
      const answer = await get(path);
      expect(answer.status).toBe(404);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
    },
  );
});

it('tells a program that there is nothing where a browser gets the pages', async () => {
  const answer = await get('/webhooks', { accept: '*/*' });
  expect(answer.status).toBe(404);
  expect(await answer.json()).toMatchObject({ code: 'not_found' });
});

it('lets browsers keep the files whose name changes with what is in them, and sends them small', async () => {
  const page = await (await get('/')).text();
  const files = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, file]) => file!);
  expect(files.length).toBeGreaterThan(1);
  for (const file of files) {
    const answer = await get(file, { 'accept-encoding': 'br' });
    expect(answer.status, file).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(answer.headers.get('vary')).toContain('accept-encoding');
    const type = file.endsWith('.js') ? 'application/javascript' : 'text/css';
    expect(answer.headers.get('content-type')).toContain(type);
  }
});

it.each([
  '/../package.json',
  '/%2e%2e/package.json',
  '/assets/..%2f..%2fpackage.json',
  '/.vite/manifest.json',
])('shows nothing of the disk besides: %s', async (path) => {
  const answer = await get(path, { accept: '*/*' });
  expect(answer.status).toBe(404);
});
