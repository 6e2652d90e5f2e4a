import { writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { randomFrom } from '../crash/random.ts';
import type { Recipe, Row, RunInput } from './recipe.ts';
import { RECIPES } from './recipes.ts';
import { tableOf } from './table.ts';

const {
  /** `long` by `npm run test:faults`. */
  POSTHORN_FAULTS_FORM = 'short',
  /** Names of recipes, `F1,F12`; default all. */
  POSTHORN_FAULTS = '',
  POSTHORN_FAULT_SCALE = '1',
  /** Where the rows are written, as JSON. */
  POSTHORN_FAULT_RESULTS = '',
  POSTHORN_TEST_SEED = String(Date.now() % 1e9),
} = process.env;

const form: RunInput['form'] = POSTHORN_FAULTS_FORM === 'long' ? 'long' : 'short';
const scale = Number(POSTHORN_FAULT_SCALE);
const seed = Number(POSTHORN_TEST_SEED);
const picked = POSTHORN_FAULTS.split(',').filter((name) => name !== '');
const rows: Row[] = [];

afterAll(() => {
  process.stdout.write(`\n${tableOf(rows)}\n\n`);
});

function isPicked({ name }: Recipe): boolean {
  return picked.length === 0 || picked.includes(name);
}

describe.each(
  RECIPES.filter(isPicked).map((recipe) => ({
    recipe,
    title: `${recipe.name}: ${recipe.what}`,
  })),
)('$title', ({ recipe }) => {
  const { engines: all, shortEngines = all, skipped = null } = recipe;
  const engines = form === 'short' ? shortEngines : all;
  it.skipIf(skipped !== null).each(engines)(
    `keeps every promise on %s (${skipped ?? `POSTHORN_TEST_SEED=${seed}`})`,
    { timeout: form === 'long' ? scale * 1_200_000 : 120_000 },
    async (engine) => {
      const random = randomFrom(seed);
      const row = await recipe.run({ recipe: recipe.name, engine, form, scale, random });
      rows.push(row);
      writeResults();
      expect(row.violations.slice(0, 20)).toEqual([]);
      expect(row.accepted).toBeGreaterThan(0);
    },
  );
});

/** After each recipe, so that a long run that is cut short leaves what it saw. */
function writeResults(): void {
  if (POSTHORN_FAULT_RESULTS === '') return;
  const results = { form, scale, seed, node: process.version, rows };
  writeFileSync(POSTHORN_FAULT_RESULTS, `${JSON.stringify(results, null, 2)}\n`);
}
