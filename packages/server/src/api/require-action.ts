import type { Action, Catalogue } from '../catalogue/catalogue.ts';
import { AppError } from './problem.ts';

/** The action of a name or value that can fire; else the 404 that names the closest one. */
export function requireAction(catalogue: Catalogue, text: string): Action {
  const action = catalogue.findAction(text);
  if (action?.record) return action;
  throw new AppError(
    'unknown_action',
    action
      ? `${action.name} never takes place.`
      : `There is no action ${JSON.stringify(text.slice(0, 100))}. Did you mean ${catalogue.closestActionName(text)}?`,
    'action',
  );
}
