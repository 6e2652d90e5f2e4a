import { existsSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Where `npm run build` of the UI puts them, in a checkout and in the installed package. */
const FOLDER = fileURLToPath(new URL('../../ui/', import.meta.url));

const YEAR_S = 31_536_000;

/** Below these programs ask, and a person who mistypes one is told so; the rest are pages. */
const NO_PAGES = /^\/(v1|api|docs|inbox|assets|healthz|readyz|metrics)(\/|$)/;

/**
 * Answers with the page at this address if a browser asks for one; false otherwise. The page itself
 * knows which addresses it has, and says so at the others.
 */
export type AnswerWithPage = (request: FastifyRequest, reply: FastifyReply) => boolean;

/**
 * Serves the pages that were built. Files whose name carries their content's hash are kept by
 * browsers for ever; all others are asked for again each time. Without a build (a checkout that was
 * installed without scripts) there are no pages, and everything else works.
 */
export async function servePages(app: FastifyInstance): Promise<AnswerWithPage> {
  if (!existsSync(join(FOLDER, 'index.html'))) return () => false;
  await app.register(fastifyStatic, {
    root: FOLDER,
    // A route for each file: what is not there is asked for nowhere on the disk.
    wildcard: false,
    globIgnore: ['**/*.{br,gz}'],
    preCompressed: true,
    cacheControl: false,
    setHeaders(reply, path) {
      const isHashed = path.startsWith(join(FOLDER, 'assets') + sep);
      void reply.header(
        'cache-control',
        isHashed ? `public, max-age=${YEAR_S}, immutable` : 'no-cache',
      );
    },
  });
  return (request, reply) => {
    if (!isPage(request)) return false;
    void reply.header('vary', 'accept').sendFile('index.html');
    return true;
  };
}

function isPage({ method, url, headers: { accept } }: FastifyRequest): boolean {
  const isReading = method === 'GET' || method === 'HEAD';
  return isReading && accept?.includes('text/html') === true && !NO_PAGES.test(pathOf(url));
}

function pathOf(url: string): string {
  return url.split('?', 1)[0]!;
}
