import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import { boundLocation, whoOf } from '../api/authorize.ts';
import type { ApiNeeds } from '../api/context.ts';
import { AppError } from '../api/problem.ts';
import { requireCallable } from '../api/routes/webhook-input.ts';
import type { Principal } from '../settings/principal.ts';
import type { Bounds } from '../store/bounds.ts';
import type { StoredWebhook } from '../store/operations/webhooks.ts';
import type { Authenticate } from './authenticate.ts';
import { COMMAND_RECORDS, findCommand, type RunCommand } from './commands.ts';
import { done, failed, listEnvelope } from './envelopes.ts';
import { propertyOf, readInteger } from './lenient.ts';
import { NotValid, propertyError } from './property-errors.ts';
import { readCommandQuery, readIds, readListQuery } from './read-query.ts';
import { readChange, readNewWebhook, readReplacement, type WebhookInput } from './read-webhook.ts';
import { authorizeRole } from './roles.ts';
import { listedRecord, webhookRecord } from './webhook-record.ts';

type WebhookRoutesNeeds = Pick<
  ApiNeeds,
  'accept' | 'catalogue' | 'checkUrl' | 'lanes' | 'live' | 'store' | 'webhooks'
> & { readonly authenticate: Authenticate };

/** Webhooks that one command is run with. */
const MAX_COMMANDED = 100;

/** `/api/sys/webhooks`, below the prefix that it is registered with. */
export function webhookRoutes(needs: WebhookRoutesNeeds): FastifyPluginAsync {
  const { authenticate, catalogue, checkUrl, store, webhooks } = needs;

  return async (app) => {
    // Documented with a slash at the end, and called without.
    for (const path of ['/webhooks', '/webhooks/']) {
      app.get(path, async (request) => {
        const bounds = await authorizeRole(authenticate, request, 'WebHook-List');
        const wanted = readIds(request.query);
        if (wanted) return (await findInOrder(wanted, bounds)).map(webhookRecord);
        const { page, size, order, orderField, filters } = readListQuery(request.query);
        const offset = (page - 1) * size;
        const { ids, total } = await store.findWebhookIds({
          bounds,
          filters,
          order,
          offset,
          limit: size,
        });
        const found = await findInOrder(ids, bounds);
        const { descending } = order;
        return listEnvelope(found.map(listedRecord), { page, size, total, orderField, descending });
      });

      app.post(path, async (request) => {
        const principal = await authorizeRole(authenticate, request, 'WebHook-Create');
        const input = readNewWebhook(request.body, catalogue);
        await requireAllowed(input, principal);
        const settings = { ...input, app: principal.app, concurrency: null };
        const made = await webhooks.create(settings, whoOf(principal, request));
        return done('WebHook was successfully created.', made);
      });

      app.put(path, async (request) => {
        const principal = await authorizeRole(authenticate, request, 'WebHook-Edit');
        const given = propertyOf(request.body, 'Id');
        if (given === undefined || given === null)
          throw new NotValid([propertyError('Id', 'is a required field')]);
        const before = await requireWebhook(given, principal);
        const change = readReplacement(request.body, { catalogue, before });
        return changed(request, principal, before, change);
      });
    }

    app.get('/webhooks/commands', async (request) => {
      await authorizeRole(authenticate, request, 'WebHook-List');
      return COMMAND_RECORDS;
    });

    app.post('/webhooks/runcommand', async (request) => {
      const principal = await authorizeRole(authenticate, request, 'WebHook-Edit');
      return runCommand(request.body, { principal, who: whoOf(principal, request) });
    });

    // As the oldest documentation prints it. Its head alone would run the command as well.
    app.get('/webhooks/runcommand', { exposeHeadRoute: false }, async (request, reply) => {
      refuseBrowsers(request);
      reply.header('cache-control', 'no-store');
      const principal = await authorizeRole(authenticate, request, 'WebHook-Edit');
      const asked = readCommandQuery(request.query);
      return runCommand(asked, { principal, who: whoOf(principal, request) });
    });

    app.get<OneWebhook>('/webhooks/:id', async (request) => {
      const principal = await authorizeRole(authenticate, request, 'WebHook-Read');
      return webhookRecord(await requireWebhook(request.params.id, principal));
    });

    app.put<OneWebhook>('/webhooks/:id', async (request) => {
      const principal = await authorizeRole(authenticate, request, 'WebHook-Edit');
      const before = await requireWebhook(request.params.id, principal);
      const change = readChange(request.body, { catalogue, before });
      return changed(request, principal, before, change);
    });

    app.delete<OneWebhook>('/webhooks/:id', async (request) => {
      const principal = await authorizeRole(authenticate, request, 'WebHook-Delete');
      const { id } = await requireWebhook(request.params.id, principal);
      const removed = await webhooks.remove({ id, bounds: principal }, whoOf(principal, request));
      if (!removed) throw notFound();
      return done('WebHook was successfully deleted.', null);
    });
  };

  async function changed(
    request: FastifyRequest,
    principal: Principal,
    { id }: StoredWebhook,
    change: Partial<WebhookInput>,
  ) {
    await requireAllowed(change, principal);
    const who = whoOf(principal, request);
    const after = await webhooks.change({ id, bounds: principal }, change, who);
    if (!after) throw notFound();
    return done('WebHook was successfully updated.', after);
  }

  /** Throws when it may not be at this location, or its URL must not be called. */
  async function requireAllowed(
    { location, url }: Partial<WebhookInput>,
    principal: Principal,
  ): Promise<void> {
    if (location !== undefined) boundLocation(principal, location);
    if (url !== undefined) await requireCallable(checkUrl, url);
  }

  /** Those of these webhooks that there are, in the order of the ids. */
  async function findInOrder(ids: readonly number[], bounds: Bounds): Promise<StoredWebhook[]> {
    const found = await store.findWebhooks({ ids, bounds });
    const byId = new Map(found.map((webhook) => [webhook.id, webhook]));
    return ids.flatMap((id) => {
      const webhook = byId.get(id);
      return webhook === undefined || webhook.isDeleted ? [] : [webhook];
    });
  }

  async function requireWebhook(id: unknown, principal: Principal): Promise<StoredWebhook> {
    const number = readInteger(id) ?? 0;
    const found = await store.getWebhook({ id: number, bounds: principal });
    if (!found) throw notFound();
    return found;
  }

  /** Answers 200 also when a webhook could not be served: then `WasSuccessful` is false. */
  async function runCommand(asked: unknown, by: Parameters<RunCommand>[2]) {
    const key = propertyOf(asked, 'Key');
    const run = findCommand(key);
    if (!run) throw new NotValid([propertyError('Key', 'must be the key of a command', key)]);
    const ids = readCommanded(propertyOf(asked, 'Ids'));
    const found = await findInOrder(ids, by.principal);
    const missing = ids.find((id) => !found.some((webhook) => webhook.id === id));
    if (missing !== undefined) return failed(`WebHook ${missing}: Not found`);
    for (const webhook of found) {
      try {
        await run(needs, webhook, by);
      } catch (error) {
        if (error instanceof AppError) return failed(`WebHook ${webhook.id}: ${error.message}`);
        throw error;
      }
    }
    return done(`Done with ${found.length} webhooks.`, null);
  }
}

interface OneWebhook {
  Params: { id: string };
}

/**
 * Throws for a request that a browser makes: it sends a name and password that it was told once with
 * every link to here, whoever wrote that.
 */
function refuseBrowsers({ headers }: FastifyRequest): void {
  if (headers['sec-fetch-site'] === undefined) return;
  throw new AppError('cross_site', 'A browser runs no command by GET.');
}

function readCommanded(given: unknown): readonly number[] {
  const ids = Array.isArray(given) ? given.map(readInteger) : [];
  if (ids.length > 0 && ids.length <= MAX_COMMANDED && !ids.includes(undefined))
    return [...new Set(ids as number[])];
  throw new NotValid([propertyError('Ids', `must be a list of 1 to ${MAX_COMMANDED} ids`, given)]);
}

function notFound(): AppError {
  return new AppError('not_found', 'Not found');
}
