// `npm run screens`: a picture of every page, light and dark, at a desktop and on a phone, for
// docs/screens. What is shown is made up, so that the pictures change when the pages do.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { DESKTOP, PHONE } from './browser.ts';
import { setup } from './setup.ts';
import { openSpace, type Place } from './space.ts';
import { openUi, setupLinkOf } from './ui.ts';

const FOLDER = join(import.meta.dirname, '../../../docs/screens');

/** Larger ones do not belong into a repository. */
const MAX_BYTES = 100_000;

const SIZES = { desktop: DESKTOP, phone: PHONE };

await setup();
const ui = await openUi();
try {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  await take({
    name: 'setup',
    path: setupLinkOf(ui.server),
    until: 'Your name',
    isSignedIn: false,
  });
  const space = await openSpace(ui);
  for (const place of space.places) await take(place);
  await space.close();
} finally {
  await ui.close();
}

async function take({ name, path, until, isSignedIn }: Place): Promise<void> {
  for (const [size, options] of Object.entries(SIZES)) {
    for (const colorScheme of ['light', 'dark'] as const) {
      const look = { ...options, colorScheme };
      const { page, context } = await (isSignedIn === false
        ? ui.open(look)
        : ui.openSignedIn(look));
      await page.goto(path);
      await page.getByText(until).first().waitFor();
      const file = `${name}-${size}-${colorScheme}.webp`;
      const picture = await photograph(page);
      await context.close();
      console.log(`${file} ${Math.round(picture.length / 1000)} kB`);
      if (picture.length > MAX_BYTES) throw new Error(`${file}: more than ${MAX_BYTES} bytes.`);
      await writeFile(join(FOLDER, file), picture);
    }
  }
}

/** What is in the window, in the smallest format that every browser shows. */
async function photograph(page: Page): Promise<Buffer> {
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 80 });
  return Buffer.from(data, 'base64');
}
