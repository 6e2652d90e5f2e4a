import { queryOptions } from '@tanstack/react-query';
import { type Recipe, recipes, withSecret } from '../../../../../examples/verify/recipes.ts';

/** The receivers of the examples, by their path, read when one is shown. */
const FILES = import.meta.glob<string>('../../../../../examples/verify/[vV]erify.*', {
  query: '?raw',
  import: 'default',
});

export { type Recipe, recipes, withSecret };

/** The code of a recipe, as it stands in the examples. */
export const recipeQuery = ({ file }: Recipe) =>
  queryOptions({
    queryKey: ['recipe', file],
    queryFn: () => FILES[`../../../../../examples/verify/${file}`]!(),
    staleTime: Infinity,
  });
