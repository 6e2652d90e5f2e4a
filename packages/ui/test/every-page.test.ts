import { afterAll, beforeAll, expect, it } from 'vitest';
import { axeInBothColours } from './axe.ts';
import { PHONE } from './browser.ts';
import { openSpace, type Space } from './space.ts';
import { openUi, type Ui } from './ui.ts';

let ui: Ui;
let space: Space;
beforeAll(async () => {
  ui = await openUi();
  space = await openSpace(ui);
});
afterAll(async () => {
  await space?.close();
  await ui?.close();
});

it.each([
  ['at a desktop', {}],
  ['on a phone', PHONE],
])(
  'every page can be read by all %s, in both colours, and holds to the policy',
  { timeout: 120_000 },
  async (_, look) => {
    const { page, problems } = await ui.openSignedIn(look);
    const found: string[] = [];
    for (const { name, path, until, isSignedIn } of space.places) {
      if (isSignedIn === false) continue;
      await page.goto(path);
      await page.getByText(until).first().waitFor();
      found.push(...(await axeInBothColours(page)).map((line) => `${name}: ${line}`));
      const { width } = page.viewportSize()!;
      const needed = await page.evaluate<number>('document.documentElement.scrollWidth');
      if (needed > width) found.push(`${name}: is ${needed} pixels wide`);
    }
    expect(found).toEqual([]);
    expect(problems()).toEqual([]);
  },
);
