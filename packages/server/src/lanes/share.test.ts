import fc from 'fast-check';
import { expect, it } from 'vitest';
import { shareOf } from './share.ts';

const count = fc.integer({ min: 1, max: 50 });

it('is divided among all nodes, as evenly as it can be, and each has one', () => {
  fc.assert(
    fc.property(count, count, (concurrency, nodes) => {
      const shares = Array.from({ length: nodes }, (_, older) =>
        shareOf(concurrency, { nodes, older }),
      );
      const sum = shares.reduce((all, share) => all + share, 0);
      expect(sum).toBe(Math.max(concurrency, nodes));
      expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
    }),
  );
});
