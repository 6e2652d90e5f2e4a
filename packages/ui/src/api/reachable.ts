import { posthorn } from './client.ts';
import { isGone } from './problems.ts';
import { createShared } from './shared.ts';

/** Between two looks for a service that is gone: a restart takes about a second. */
const LOOK_MS = 2000;

/** Whether the service answers, as far as this page knows. */
export const reachable = createShared(true);

/** A request met nobody: says so to every page, and looks until the service answers again. */
export function reportGone(): void {
  if (!reachable.get()) return;
  reachable.set(false);
  const look = async () => {
    const isStillGone = await posthorn.session.ways().then(() => false, isGone);
    if (isStillGone) setTimeout(() => void look(), LOOK_MS);
    else reachable.set(true);
  };
  setTimeout(() => void look(), LOOK_MS);
}
