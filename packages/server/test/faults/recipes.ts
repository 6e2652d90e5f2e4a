import type { Recipe } from './recipe.ts';
import { workersKilled } from './recipes/workers-killed.ts';

/** All recipes, in the order in which they run. */
export const RECIPES: readonly Recipe[] = [workersKilled];
