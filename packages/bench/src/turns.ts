import type { BenchContext } from './bench.ts';
import { Missing } from './servers.ts';

/**
 * Makes each of these measurements once per round, in turn, since a machine changes its speed from
 * one minute to the next. One that fails is told and missing in its round; the others go on. Throws
 * only what will not be better in the next round: `Missing`.
 */
export async function inTurn<Round extends object>(
  { options, failed }: Pick<BenchContext, 'failed'> & { options: { readonly rounds: number } },
  measurements: { readonly [Name in keyof Round]: () => Promise<Round[Name]> },
): Promise<Partial<Round>[]> {
  const names = Object.keys(measurements) as (keyof Round)[];
  const rounds: Partial<Round>[] = [];
  for (let i = 0; i < options.rounds; i++) {
    const round: Partial<Round> = {};
    for (const name of names) {
      try {
        round[name] = await measurements[name]();
      } catch (error) {
        if (error instanceof Missing) throw error;
        failed(error as Error);
      }
    }
    rounds.push(round);
  }
  return rounds;
}
