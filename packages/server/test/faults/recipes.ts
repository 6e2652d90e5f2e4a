import type { Recipe } from './recipe.ts';
import { clockJumps } from './recipes/clock-jumps.ts';
import { DATABASE_RECIPES } from './recipes/database.ts';
import { failpoints } from './recipes/failpoints.ts';
import { herd } from './recipes/herd.ts';
import { noisyNeighbour } from './recipes/noisy-neighbour.ts';
import { poison } from './recipes/poison.ts';
import { rollingRestart } from './recipes/rolling-restart.ts';
import { workersKilled } from './recipes/workers-killed.ts';

/** All recipes, in the order in which they run. */
export const RECIPES: readonly Recipe[] = [
  workersKilled,
  failpoints,
  clockJumps,
  herd,
  noisyNeighbour,
  poison,
  rollingRestart,
  ...DATABASE_RECIPES,
];
