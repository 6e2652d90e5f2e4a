import { expect, it } from 'vitest';
import { isOnSqlite } from '../engine.ts';
import { randomFrom } from './random.ts';
import { type End, NAMED_POINTS, runKills } from './run.ts';

/** In the normal suite; `npm run test:crash` kills 100 times. */
const { POSTHORN_TEST_KILLS = '15', POSTHORN_TEST_SEED = String(Date.now() % 1e9) } = process.env;

const kills = Number(POSTHORN_TEST_KILLS);
const seed = Number(POSTHORN_TEST_SEED);

it(
  `loses nothing and sends again only what was in flight when it is killed ${kills} times (POSTHORN_TEST_SEED=${seed})`,
  // On PostgreSQL a life takes longer: connections, and commits that cross to another process.
  { timeout: 60_000 + kills * (isOnSqlite ? 3_000 : 9_000) },
  async () => {
    const report = await runKills({ seed, ends: endsFor(kills, seed) });
    process.stdout.write(table(report));
    expect(report.violations.slice(0, 20)).toEqual([]);
    expect(report.lost).toBe(0);
    expect(report.accepted).toBeGreaterThan(kills);
  },
);

function endsFor(count: number, from: number): End[] {
  const random = randomFrom(from + 1);
  return Array.from({ length: count }, (): End => {
    if (random.chance(0.1)) return 'start';
    return random.chance(0.3) ? random.pick(NAMED_POINTS) : 'random';
  });
}

function table(report: Awaited<ReturnType<typeof runKills>>): string {
  const rows: readonly (readonly [string, number])[] = [
    ['kills at random moments under load', report.kills.random],
    ['kills at named points under load', report.kills.named],
    ['kills while it starts', report.kills.start],
    ['events accepted', report.accepted],
    ['events refused', report.refused],
    ['events without an answer', report.unknown],
    ['… of them kept', report.unknownKept],
    ['deliveries', report.deliveries],
    ['calls received', report.receipts],
    ['deliveries lost', report.lost],
    ['calls in flight at the kills', report.inFlight],
    ['… of one webhook at one kill, at most', report.mostInFlightOfLane],
    ['duplicates received', report.duplicates],
    ['longest start, ms', Math.round(report.longestStartMs)],
    ['longest gap between a death and the next call, ms', Math.round(report.longestGapMs)],
  ];
  const lines = rows.map(([name, value]) => `| ${name} | ${value.toLocaleString('en')} |`);
  return `\n| kill -9 | |\n|---|---:|\n${lines.join('\n')}\n\n`;
}
