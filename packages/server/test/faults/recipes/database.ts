import type { Recipe } from '../recipe.ts';
import { backendKilled, databaseCrashes } from './database-crashes.ts';
import { databaseFrozen, databaseUnreachable } from './database-frozen.ts';
import { diskFull } from './disk-full.ts';
import { failover, lossyFailover } from './failover.ts';
import { behindPgbouncer, poolExhausted } from './pool-exhausted.ts';

/** What can befall the store itself. */
export const DATABASE_RECIPES: readonly Recipe[] = [
  backendKilled,
  databaseCrashes,
  databaseFrozen,
  failover,
  lossyFailover,
  databaseUnreachable,
  diskFull,
  poolExhausted,
  behindPgbouncer,
];
