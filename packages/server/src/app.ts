import type { AddressInfo, LookupFunction } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { createAccept } from './accept/accept.ts';
import { createTurn } from './accept/turn.ts';
import { INBOX_PATH } from './api/routes/inboxes.ts';
import { buildServer } from './api/server.ts';
import { type Caller, createCaller } from './attempt/call.ts';
import { loadCatalogue } from './catalogue/catalogue.ts';
import { type Config, SQLITE_URL } from './config/options.ts';
import { createTally } from './history/tally.ts';
import { createLanes } from './lanes/lanes.ts';
import { createCounts } from './limits/counts.ts';
import { exchangeCounts } from './limits/exchange.ts';
import { createRates } from './limits/rates.ts';
import { createLive } from './live/live.ts';
import { relayToOthers } from './live/relay.ts';
import { tidingsOfAccepted, tidingsOfSettled } from './live/tidings.ts';
import { createStoreClock } from './nodes/clock.ts';
import { giveBackUnknown } from './nodes/give-back.ts';
import { followOthers } from './nodes/follow.ts';
import { startSession } from './nodes/session.ts';
import { createAgent } from './net/agent.ts';
import { createCheckUrl } from './net/check-url.ts';
import { createGuard } from './net/guard.ts';
import { createGuardedFetch } from './net/fetch.ts';
import { createResolve } from './net/resolve.ts';
import { openOidc } from './oidc/oidc.ts';
import { createPeople } from './people/people.ts';
import { openKeys } from './settings/keys.ts';
import { createReseal } from './settings/reseal.ts';
import { createSecretBox } from './settings/secret-box.ts';
import { loadSecretKeys } from './settings/secret-keys.ts';
import { openSecrets } from './settings/secrets.ts';
import { openSigningKey } from './settings/signing-key.ts';
import { createWebhooks } from './settings/webhooks.ts';
import { createSettler } from './settle/settler.ts';
import { openPostgresStore } from './store/postgres/open.ts';
import { openSqliteStore } from './store/sqlite/open.ts';
import { createSteadyClock, type SteadyClock } from './store/steady-clock.ts';
import type { Store } from './store/store.ts';
import { createMetrics, type JoinMetrics, type Metrics } from './telemetry/metrics.ts';
import { startUpkeep } from './upkeep/upkeep.ts';

export interface App {
  /** `http://127.0.0.1:4665` */
  readonly url: string;
  /** The operator's key made at the very first start and shown; else null. */
  readonly firstKey: string | null;
  /**
   * Where the first person is made, `http://127.0.0.1:4665/setup?token=…`, anew at every call; null:
   * there is somebody.
   */
  makeSetupLink(): Promise<string | null>;
  /** Stops taking requests, lets calls end and settle, gives the rest back, closes the store. */
  stop(): Promise<void>;
}

export interface AppOptions {
  readonly config: Config;
  readonly version: string;
  readonly log: Logger;
  /** Shows the operator's key made at the very first start, before it is kept. */
  readonly showFirstKey: (key: string) => void;
  /** For tests: a store of a known size. */
  readonly maxStorePages?: number;
  readonly random?: () => number;
  /** For tests: name servers of their own, instead of `dns.lookup`. */
  readonly lookup?: LookupFunction;
  /** When this process is one of several that make up the service. */
  readonly joinMetrics?: JoinMetrics;
  /** Called when a newer version changed the store so that this one must stop: a sentence. */
  readonly onRefused?: (refusal: string) => void;
  /** Called when the store ends by itself; nothing works without it. */
  readonly onStoreLost?: (error: Error) => void;
}

/** A commit takes milliseconds; this is for a machine under load. */
const CLOSE_GRACE_MS = 2000;

/** How long somebody who sets a webhook waits for the name in its URL. */
const CHECK_URL_MS = 2000;

/** Somebody looks at an empty page meanwhile; the longest lists of keys and groups take some kB. */
const PROVIDER_LIMITS = { timeoutMs: 5000, maxBytes: 256 * 1024 };

/** Puts the service together and starts it. What it opened is closed again if a part fails. */
export async function startApp(options: AppOptions): Promise<App> {
  const { config, log, version, random = Math.random } = options;
  const storeClock = createStoreClock();
  const steadyClock = createSteadyClock();
  const closing: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const close of closing.splice(0).toReversed()) await close();
  };

  try {
    const store = await openStore(options, steadyClock);
    closing.push(() => store.close());
    const { session, started } = await startSession(store, log);
    const { released, lanes: waiting, peers } = started;
    storeClock.set(started.now);
    const clock = store.isShared ? storeClock : steadyClock;
    // Receivers compare the time in a signature with their own.
    const signingClock = store.isShared ? storeClock : { now: () => Date.now() };
    if (released > 0) log.info({ released }, 'deliveries of an earlier process are due again');

    const catalogue = loadCatalogue();
    const keys = await openKeys(store, config.apiKey, clock);
    const box = createSecretBox(loadSecretKeys(config.secretKey, config.dataDir));
    const people = createPeople({ store, box, clock, passwordCost: config.passwordCost });
    const secrets = await openSecrets({ store, box, clock, log });
    const signingKey =
      config.signAsymmetric === 'on' ? await openSigningKey({ store, box, clock, log }) : null;
    const { allowNetworks, allowHosts, connectTimeoutMs } = config;
    const guard = createGuard({ allowNetworks, allowHosts, allowHttp: true });
    const agent = createAgent({
      guard,
      connectTimeoutMs,
      ...(options.lookup && { lookup: options.lookup }),
    });
    const checkUrl = createCheckUrl({
      guard,
      resolve: createResolve(options.lookup),
      timeoutMs: CHECK_URL_MS,
    });
    closing.push(() => agent.destroy());
    const fetch = createGuardedFetch({ agent, guard, ...PROVIDER_LIMITS });
    const oidc = await openOidc({ config, store, box, clock, log, fetch, guesses: people.guesses });

    const metrics = createMetrics(() => lanes, options.joinMetrics);
    const live = createLive({ store, log });
    const tally = createTally({ store, clock, log });
    closing.push(() => tally.stop());
    const settler = createSettler({
      store,
      session,
      log,
      onWritten(batch, settled) {
        tally.settled(batch, settled);
        if (live.isHeard) live.tell(tidingsOfSettled(batch));
      },
      onDisabled(disabled, asked) {
        for (const webhook of disabled)
          log.warn({ webhook }, 'a webhook was switched off by its failures');
        for (const webhook of asked) lanes.refresh(webhook);
      },
    });
    // What lives is told last of all: others take over what it still holds then.
    const beating = { stop: async () => {} };
    closing.push(() => beating.stop());
    closing.push(() => settler.stop());
    const { requestTimeoutMs } = config;
    const caller = createCaller({
      agent,
      guard,
      requestTimeoutMs,
      clock: signingClock,
      version,
      signAsymmetric: signingKey?.sign ?? null,
    });
    const lanes = createLanes({
      store,
      session,
      settler,
      log,
      clock,
      random,
      caller: measured(caller, metrics),
      ids: store.ids,
      actionName: (value) => catalogue.actionName(value),
      secretsFor: (scope) => secrets.applying(scope),
      policy: { schedule: config.retrySchedule, disableAfter: config.disableAfter },
      laneConcurrency: config.laneConcurrency,
      peers,
      maxCalls: config.maxCalls,
    });
    closing.push(() => lanes.stop());
    Object.assign(beating, session.keepAlive(lanes));

    const turns = createTurn(() => lanes.occupied);
    closing.push(async () => turns.stop());
    const accept = createAccept({
      store,
      log,
      session,
      lanes,
      turn: turns.turn,
      flushSettler: () => settler.flush(),
      onKept(accepted) {
        tally.accepted(accepted);
        if (live.isHeard) live.tell(tidingsOfAccepted(accepted));
      },
    });
    closing.push(() => accept.drained());
    const webhooks = createWebhooks({
      store,
      lanes,
      onChanged: (webhook) => live.tell({ webhooks: [webhook] }),
    });
    const following = followOthers({
      store,
      session,
      clock: storeClock,
      log,
      lanes,
      settings: signingKey === null ? [keys, secrets] : [keys, secrets, signingKey],
      onRefused: (refusal) => options.onRefused?.(refusal),
    });
    closing.push(() => following.stop());
    const givingBack = giveBackUnknown({ store, session, lanes, log });
    closing.push(() => givingBack.stop());
    const relay = relayToOthers({ store, session, live, log });
    closing.push(() => relay.stop());
    const upkeep = startUpkeep({
      store,
      session,
      webhooks,
      keys,
      reseal: createReseal({ store, box, log }),
      clock,
      log,
      retentionMs: config.retentionMs,
      auditRetentionMs: config.auditRetentionMs,
    });
    closing.push(() => upkeep.stop());

    const guesses = createCounts({ kind: 'wrong-keys', windowMs: 60_000, clock });
    const rates = createRates({ kind: 'key', perSecond: config.keyRequests, clock });
    const exchanging = exchangeCounts({
      store,
      session,
      clock,
      log,
      counts: [
        ...(config.wrongKeys > 0 ? [guesses] : []),
        ...(config.keyRequests > 0 ? [rates] : []),
      ],
    });
    closing.push(() => exchanging.stop());

    let url = '';
    const ownUrl = () => config.publicUrl ?? url;
    const server = await buildServer({
      config,
      store,
      catalogue,
      checkUrl,
      clock,
      accept,
      lanes,
      live,
      keys,
      people,
      oidc,
      secrets,
      signingKey,
      webhooks,
      metrics,
      log,
      version,
      guesses,
      rates,
      ownUrl,
    });
    closing.push(() => closeServer(server));
    closing.push(async () => live.stop());
    url = await listen(server, config);
    const { hostname, port } = new URL(url);
    guard.setOwnInbox({
      host: hostname.replaceAll(/^\[|\]$/g, ''),
      port: Number(port),
      pathPrefix: INBOX_PATH,
    });
    for (const lane of waiting) lanes.wake([lane.webhook], lane.dueAt);
    return {
      url,
      firstKey: await keys.createFirst(options.showFirstKey),
      async makeSetupLink() {
        const token = await people.makeSetupLink();
        return token === null ? null : `${ownUrl()}/setup?token=${token}`;
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function openStore(
  { config, maxStorePages, onStoreLost }: AppOptions,
  clock: SteadyClock,
): Promise<Store> {
  const lost = onStoreLost !== undefined && { onLost: onStoreLost };
  const { databaseUrl, dataDir } = config;
  if (databaseUrl !== SQLITE_URL) return openPostgresStore({ url: databaseUrl, dataDir, ...lost });
  return openSqliteStore({
    dataDir,
    clock,
    ...(maxStorePages !== undefined && { maxPages: maxStorePages }),
    ...lost,
  });
}

/** Requests under way get their answers; whoever is silent for longer than the grace is cut off. */
async function closeServer(server: FastifyInstance): Promise<void> {
  const cut = setTimeout(() => server.server.closeAllConnections(), CLOSE_GRACE_MS);
  await server.close();
  clearTimeout(cut);
}

async function listen(server: FastifyInstance, { host, port }: Config): Promise<string> {
  await server.listen({ host, port });
  const { address, family, port: bound } = server.server.address() as AddressInfo;
  // Reached from this very machine, whatever it listens on.
  const shown = address === '0.0.0.0' ? '127.0.0.1' : address === '::' ? '::1' : address;
  return `http://${family === 'IPv6' ? `[${shown}]` : shown}:${bound}`;
}

function measured(caller: Caller, metrics: Metrics): Caller {
  return {
    async call(input) {
      const report = await caller.call(input);
      const { outcome, timings } = report;
      metrics.attemptMade(
        outcome.kind === 'failure' ? outcome.code : outcome.kind,
        timings.totalMs / 1000,
      );
      return report;
    },
  };
}
