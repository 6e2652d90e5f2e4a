import { source } from 'axe-core';
import type { Page } from 'playwright-core';

interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** What axe objects to on the page as it stands, one line each; empty: nothing. */
export async function axeViolations(page: Page): Promise<readonly string[]> {
  await page.evaluate(source);
  const violations = await page.evaluate<readonly Violation[]>(
    'axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations)',
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}\n  ${html}\n  ${failureSummary ?? ''}`),
  );
}

/**
 * On their way from one colour to the other, texts are paler than they will be. What is folded away
 * stays on its way until it is unfolded.
 */
const TRANSITIONS_ENDED = `Promise.allSettled(
  document.getAnimations()
    .filter((one) => one instanceof CSSTransition && one.effect.target.checkVisibility())
    .map((one) => one.finished),
).then(() => undefined)`;

/** The same in light and in dark. */
export async function axeInBothColours(page: Page): Promise<readonly string[]> {
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor();
    await page.evaluate(TRANSITIONS_ENDED);
    found.push(...(await axeViolations(page)).map((line) => `${colorScheme}: ${line}`));
  }
  return found;
}
