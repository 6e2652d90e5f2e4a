import chromium from '@sparticuz/chromium';
import { type Browser, type BrowserContextOptions, chromium as playwright } from 'playwright-core';

/** A browser that came with `npm ci`; elsewhere than on Linux the Chrome that is installed. */
export async function openBrowser(): Promise<Browser> {
  if (process.platform !== 'linux') return playwright.launch({ channel: 'chrome' });
  return playwright.launch({ args: ARGS, executablePath: await chromium.executablePath() });
}

/**
 * Not those that the package recommends: with them the browser would not hold to the policy of a
 * page. As root there is no sandbox to be had.
 */
const ARGS = ['--no-sandbox', '--disable-gpu', '--font-render-hinting=none'];

/** Where every test of a page begins: a desktop, in English, at a known place on earth. */
export const DESKTOP: BrowserContextOptions = {
  viewport: { width: 1280, height: 800 },
  locale: 'en-GB',
  timezoneId: 'Europe/Berlin',
  reducedMotion: 'reduce',
};

export const PHONE: BrowserContextOptions = {
  ...DESKTOP,
  viewport: { width: 390, height: 844 },
  isMobile: true,
  hasTouch: true,
};
