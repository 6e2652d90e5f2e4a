import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../../eventually.ts';
import { instant } from '../ledger.ts';
import type { Started } from '../../start.ts';
import type { Recipe } from '../recipe.ts';
import { type RestEvidence, runScene, type Scene, type WebhookPlan } from '../scene.ts';

const ODD_ANSWER = {
  kind: 'status',
  headers: { 'x-odd': '\u0080ÿ"\\', 'x-long': 'x'.repeat(8000) },
  body: 'text \0 with \u00ff\u00fe bytes that no text has, \u00ed\u00a0\u0080 a lone surrogate',
} as const;

const GOOD = 1;
const ODD_OK = 2;
const ODD_FAILING = 3;
const SEALED = 4;
const DELETED = 5;
/** Their rows are changed by hand. */
const BROKEN = {
  'no-url': 6,
  'no-action': 7,
  'no-record': 8,
  'no-state': 9,
  'no-webhook': 10,
} as const;

const WEBHOOKS: readonly WebhookPlan[] = [
  { name: 'good', location: GOOD },
  { name: 'odd-ok', location: ODD_OK, behaviour: { ...ODD_ANSWER, status: 200 } },
  { name: 'odd-failing', location: ODD_FAILING, behaviour: { ...ODD_ANSWER, status: 500 } },
  { name: 'sealed', location: SEALED },
  { name: 'deleted', location: DELETED, behaviour: { kind: 'hang' } },
  ...Object.entries(BROKEN).map(([name, location]) => ({ name, location })),
];
/** Nobody can send these; they may stay where they are, and cost nothing. */
const UNSENDABLE = ['no-state', 'no-webhook'];

/** Long enough to tell a loop from a look now and then. */
const LOOK_MS = 2000;

export const poison: Recipe = {
  name: 'F13',
  what: 'answers, secrets and rows that nothing can be done with; a webhook deleted during its calls',
  engines: ['SQLite', 'PostgreSQL'],
  run: (input) => {
    const env = {
      POSTHORN_RETRY_SCHEDULE: '100ms,200ms,300ms',
      POSTHORN_REQUEST_TIMEOUT: '2s',
    };
    return runScene(input, { webhooks: WEBHOOKS, env }, async (scene) => {
      const { producer, service, receivers, faults, random } = scene;
      const isShort = input.form === 'short';
      scene.unverified.add('sealed');
      await ask(scene, 'PUT', `/v1/secrets/location:${SEALED}`, { secret: 'its own secret' });
      const load = producer.run({
        perSecond: isShort ? 50 : 200,
        place: () => random.pick([GOOD, GOOD, GOOD, ODD_OK, SEALED]),
      });
      // Few each: a lane whose receiver fails makes one call at a time.
      for (const location of [ODD_FAILING, DELETED]) await producer.flood({ events: 6, location });

      await eventually(async () => (await receivers.counts()).get('deleted')!.open > 0);
      await ask(scene, 'DELETE', `/v1/webhooks/${scene.webhookIds.get('deleted')}`);
      faults.note('a webhook is deleted during its calls');
      await pause(isShort ? 500 : 10_000 * input.scale);

      await switchBroken(scene, false);
      for (const location of Object.values(BROKEN)) await producer.flood({ events: 6, location });
      for (const node of service.nodes) await node.stop();
      await breakRows(scene);
      for (const node of service.nodes) await node.start();
      const restartedAt = instant();
      await switchBroken(scene, true);
      await pause(isShort ? 1000 : 10_000 * input.scale);
      await load.stop();
      scene.atRest = (evidence) => checkRest(scene, evidence, restartedAt);
    });
  },
};

/** While their webhooks are off, deliveries wait for sure; one of them is gone afterwards. */
async function switchBroken(scene: Scene, active: boolean): Promise<void> {
  for (const name of Object.keys(BROKEN)) {
    if (active && name === 'no-webhook') continue;
    await ask(scene, 'PATCH', `/v1/webhooks/${scene.webhookIds.get(name)}`, { active });
  }
}

/** Into the store of stopped nodes, what no version of ours would write. */
async function breakRows(scene: Scene): Promise<void> {
  const { service, state, faults, webhookIds, mayWait } = scene;
  const isSqlite = service.engine === 'SQLite';
  const of = (name: string) => `webhook_id = ${webhookIds.get(name)}`;
  const eventsOf = (name: string) => `key in (select event_key from deliveries where ${of(name)})`;
  const [lost] = await state.ask(`select count(*) as n from events where ${eventsOf('no-record')}`);
  scene.extraEvents -= lost!['n'] as number;
  for (const name of UNSENDABLE) mayWait.add(name);
  const waiting = new Set((await state.waiting()).map(({ webhook }) => webhook));
  for (const name of Object.keys(BROKEN))
    if (!waiting.has(webhookIds.get(name)!)) scene.violations.push(`nothing waits for ${name}`);

  const bytes = isSqlite ? `x'00112233'` : `'\\x00112233'`;
  const changes = {
    'a secret that cannot be opened': `
      update secrets set sealed = ${bytes} where scope = 'location:${SEALED}'`,
    'a URL that is none': `
      update webhooks set url = 'no url' where id = ${webhookIds.get('no-url')}`,
    'an action that nobody knows': `
      update events set action = 9999 where ${eventsOf('no-action')}`,
    'deliveries without their records': `
      delete from events where ${eventsOf('no-record')}`,
    // PostgreSQL has no part for such a row.
    ...(isSqlite && {
      'a state that is none': `
        pragma ignore_check_constraints = on;
        update deliveries set state = 'strange', due_at = null
        where ${of('no-state')} and state = 'due'`,
    }),
    'deliveries without their webhook': `
      delete from subscriptions where ${of('no-webhook')};
      delete from webhooks where id = ${webhookIds.get('no-webhook')}`,
  };
  for (const [what, change] of Object.entries(changes)) {
    await state.change(change);
    faults.note(what);
  }
}

/** Everything can be looked at, what is beyond help is told of, and costs next to nothing. */
async function checkRest(
  scene: Scene,
  { receipts, deliveries }: RestEvidence,
  restartedAt: number,
): Promise<void> {
  const { service, violations, notes, webhookIds } = scene;
  for (const path of ['/v1/events', '/v1/deliveries', '/v1/webhooks', '/v1/notices'])
    await ask(scene, 'GET', `${path}?limit=100`);
  for (const name of webhookIds.keys()) {
    await ask(scene, 'GET', `/v1/deliveries?webhook=${webhookIds.get(name)}&limit=100`);
    // What has neither event nor webhook cannot be shown whole.
    if (name === 'no-record' || name === 'no-webhook') continue;
    const one = deliveries.find(({ webhook }) => webhook === webhookIds.get(name))!;
    await ask(scene, 'GET', `/v1/deliveries/${one.id}`);
  }

  const sealed = receipts.filter(({ receiver, at }) => receiver === 'sealed' && at > restartedAt);
  const signed = sealed.filter(({ hasSignature }) => hasSignature);
  if (sealed.length === 0 || signed.length > 0)
    violations.push(
      `${signed.length} of ${sealed.length} calls were signed with another secret than their own`,
    );

  const ended = Map.groupBy(deliveries, ({ webhook, state, reason }) => {
    const name = [...webhookIds].find(([, id]) => id === webhook)![0];
    return `${name} ${state}${reason === null ? '' : ` (${reason})`}`;
  });
  for (const [how, { length }] of ended)
    if (!how.startsWith('good')) notes.push(`${length} ${how}`);

  for (const node of service.nodes) {
    const living = node.process!;
    const before = { cpuS: await cpuSeconds(living), said: living.output().length, at: instant() };
    await pause(LOOK_MS);
    const seconds = (instant() - before.at) / 1000;
    const share = ((await cpuSeconds(living)) - before.cpuS) / seconds;
    const said = (living.output().length - before.said) / seconds;
    notes.push(`at rest ${(share * 100).toFixed(0)} % of a core, ${said.toFixed(0)} B/s of log`);
    if (share > 0.2) violations.push(`at rest a node uses ${(share * 100).toFixed(0)} % of a core`);
    if (said > 5000) violations.push(`at rest a node logs ${said.toFixed(0)} bytes a second`);
  }
}

async function cpuSeconds(node: Started): Promise<number> {
  const { text } = await node.api('GET', '/metrics');
  return Number(/^process_cpu_seconds_total (\S+)/m.exec(text)![1]);
}

async function ask(
  { service, violations }: Scene,
  method: string,
  path: string,
  body?: unknown,
): Promise<void> {
  const { status, text } = await service.living.api(method, path, body);
  if (status >= 300) violations.push(`${method} ${path} answers ${status}: ${text.slice(0, 200)}`);
}
