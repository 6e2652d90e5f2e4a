import type { SessionPeers } from '../store/operations/peers.ts';

/**
 * What this node may make of the calls at once that a webhook allows: all nodes together make as many,
 * and what does not divide goes to the oldest. Each may make one, or what it holds for the webhook would
 * wait for others: a webhook that allows fewer calls than there are nodes gets one of each.
 */
export function shareOf(concurrency: number, { nodes, older }: SessionPeers): number {
  const rest = concurrency % nodes;
  return Math.max(1, Math.floor(concurrency / nodes) + (older < rest ? 1 : 0));
}
