/** Runs what it is given as soon as fewer than so many others run; rejects as that does. */
export type Turns = <Result>(run: () => Promise<Result>) => Promise<Result>;

/** At most `max` at once, the others wait in their order. */
export function createTurns(max: number): Turns {
  const waiting: (() => void)[] = [];
  let running = 0;

  return async (run) => {
    if (running < max) running++;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await run();
    } finally {
      // Its place goes to the next one, so nobody who comes now can slip in between.
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}
