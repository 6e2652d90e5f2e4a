/**
 * The id of the inbox that a URL leads to; null: it leads to none. What host and port an inbox is
 * reached at is the service's business, the path is that of inboxes alone.
 */
export function inboxOf(url: string): string | null {
  const path = URL.parse(url.trim())?.pathname ?? '';
  return /^\/inbox\/([0-9a-f]{32})$/.exec(path)?.[1] ?? null;
}
