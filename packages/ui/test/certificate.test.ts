import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { certificates, openReceiver, type Receiver } from '@posthorn/testkit/receivers';
import { eventually, newDataDir, removeDataDir } from '@posthorn/testkit/server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { axeViolations } from './axe.ts';
import { PHONE } from './browser.ts';
import { openUi, type Ui } from './ui.ts';

const DAY_MS = 86_400_000;

const folder = newDataDir();
const receivers: Receiver[] = [];
let ui: Ui;
beforeAll(async () => {
  const caFile = join(folder, 'ca.pem');
  writeFileSync(caFile, (await certificates()).ca);
  ui = await openUi({ NODE_EXTRA_CA_CERTS: caFile });
});
afterAll(async () => {
  await ui.close();
  for (const receiver of receivers) await receiver.close();
  removeDataDir(folder);
});

/** The address of the page of a delivery whose first call met this certificate. */
async function meet(name: Exclude<keyof Awaited<ReturnType<typeof certificates>>, 'ca'>) {
  const { posthorn } = ui;
  const receiver = await openReceiver({ tls: (await certificates())[name] });
  receivers.push(receiver);
  const webhook = await posthorn.webhooks.create({
    name,
    actions: ['BookingCreate'],
    url: receiver.url.replace('127.0.0.1', 'localhost'),
  });
  await posthorn.webhooks.test(webhook.id);
  const delivery = await eventually(async () => {
    const [found] = await posthorn.deliveries.list({ webhook: webhook.id }).take(1);
    return (found?.attempts ?? 0) > 0 && found;
  });
  return `/deliveries/${delivery.id}`;
}

/** As the page of a reader in Berlin has it, without the minutes: the certificates are of now. */
function dayInBerlin(instant: number): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'Europe/Berlin' }).format(
    instant,
  );
}

it.each(['light', 'dark'] as const)(
  'tells when a certificate expired, in the zone of the reader, and what to do (%s)',
  async (colorScheme) => {
    const path = await meet('expired');
    const { page, problems } = await ui.openSignedIn({ colorScheme });
    await page.goto(path);
    const sentence = page.getByText(/The certificate of localhost expired on/).first();
    await sentence.waitFor();
    const { validTo } = (await ui.posthorn.deliveries.get(path.split('/').at(-1)!)).attemptLog[0]!
      .error!.certificate!;
    expect(await sentence.innerText()).toContain(
      `expired on ${dayInBerlin(Date.parse(validTo!))} at`,
    );
    expect(Date.parse(validTo!)).toBeLessThan(Date.now() - DAY_MS / 2);
    await page.getByText('has to renew its certificate').first().waitFor();
    await page.getByText('Posthorn test authority').first().waitFor();
    await page.getByText('Connecting', { exact: true }).first().waitFor();
    expect(await page.getByText('Securing it (TLS)').count()).toBe(0);
    expect(await axeViolations(page)).toEqual([]);
    expect(problems()).toEqual([]);
  },
);

it.each([
  [
    'outdatedAuthority',
    /of localhost depends on that of “Authority in between”, which expired on/,
    'has to renew its certificate',
  ],
  [
    'notYetValid',
    /The certificate of localhost is not valid before/,
    'the clock of this service may be wrong',
  ],
  [
    'wrongName',
    /The certificate of localhost is for another host/,
    'Check that the URL has the name',
  ],
  ['selfSigned', /The certificate of localhost is self-signed/, 'get one from a public authority'],
  ['unknownIssuer', /is signed by "Unknown authority"/, 'should install the full chain'],
] as const)('tells what is wrong and what to do: %s', async (name, what, help) => {
  const path = await meet(name);
  const { page, problems } = await ui.openSignedIn();
  await page.goto(path);
  await page.getByText(what).first().waitFor();
  await page.getByText(help).first().waitFor();
  expect(problems()).toEqual([]);
});

it('shows what a stranger wrote into a certificate as text and nothing else, on a phone too', async () => {
  const path = await meet('strange');
  const { page, problems } = await ui.openSignedIn(PHONE);
  await page.goto(path);
  await page.getByText('which is not known here as an authority').first().waitFor();
  await page.getByText('and 290 more hosts').first().waitFor();
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
  expect(await axeViolations(page)).toEqual([]);
  expect(problems()).toEqual([]);
});

it('shows what the handshake took, when it went well', async () => {
  const path = await meet('trusted');
  const { page } = await ui.openSignedIn();
  await page.goto(path);
  await page.getByText('Securing it (TLS)').waitFor();
  expect(await page.getByText('What the certificate says').count()).toBe(0);
});
