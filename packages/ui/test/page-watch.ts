import type { Page } from 'playwright-core';

/**
 * What a page did wrong so far: violations of its policy, errors in its console, exceptions, and
 * requests to any other origin. Answers of the API with an error status are no mistake of the page.
 */
export function watchPage(page: Page, origin: string): () => readonly string[] {
  const problems: string[] = [];
  page.on('console', (message) => {
    const isAnswer = message.text().startsWith('Failed to load resource: the server responded');
    if (message.type() === 'error' && !isAnswer) problems.push(message.text());
    else if (/security policy|trusted/i.test(message.text())) problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.stack ?? error.message));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol !== 'data:' && url.origin !== origin) problems.push(`asked ${url.href}`);
  });
  return () => problems;
}
