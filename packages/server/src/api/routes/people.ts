import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { ROLE_SCOPES } from '../../people/roles.ts';
import { emailOf } from '../../people/prove.ts';
import type { Principal } from '../../settings/principal.ts';
import { type PersonInput, ROLES, type StoredPerson } from '../../store/operations/person-row.ts';
import { authorizeOperator, whoOf } from '../authorize.ts';
import type { ApiNeeds } from '../context.ts';
import { instant, page, PAGE, readCursor } from '../paging.ts';
import { AppError } from '../problem.ts';
import { LOCATION } from './events.ts';
import { requireScopes } from './key-view.ts';
import { EMAIL, NAME } from './person-view.ts';

type PeopleNeeds = Pick<ApiNeeds, 'keys' | 'ownUrl' | 'people' | 'store'>;

const ID = Type.Object({ id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }) });

const FIELDS = {
  name: NAME,
  email: EMAIL,
  role: Type.Enum([...ROLES], {
    description:
      'operator: everything; manager: reads and writes at their locations; viewer: reads there',
  }),
  locations: Type.Union(
    [Type.Array(LOCATION, { minItems: 1, maxItems: 200, uniqueItems: true }), Type.Null()],
    { description: 'null: all; an operator has all' },
  ),
};

/** The people who may sign in, for operators. */
export function peopleRoutes({
  keys,
  ownUrl,
  people,
  store,
}: PeopleNeeds): FastifyPluginAsyncTypebox {
  const urlOf = (link: string) => `${ownUrl()}/join?token=${link}`;

  return async (app) => {
    app.post(
      '/v1/people',
      {
        schema: {
          tags: ['people'],
          summary: 'Add a person; they choose a password by the `link`, good once and for 3 days',
          body: Type.Object(
            { ...FIELDS, locations: Type.Optional(FIELDS.locations) },
            { additionalProperties: false },
          ),
        },
      },
      async (request, reply) => {
        const principal = authorizeOperator(keys, request);
        const { body } = request;
        requireScopes(principal, { scopes: ROLE_SCOPES[body.role] });
        const input = { ...body, locations: readLocations(body.role, body.locations) };
        const made = await people.create(input, whoOf(principal, request));
        if (made === 'taken') throw taken();
        reply.header('cache-control', 'no-store').code(201);
        return { ...personView(made.person), link: urlOf(made.link) };
      },
    );

    app.get(
      '/v1/people',
      {
        schema: {
          tags: ['people'],
          summary: 'People in the order of their ids',
          querystring: Type.Object(PAGE),
        },
      },
      async (request) => {
        authorizeOperator(keys, request);
        const { limit = 50, cursor } = request.query;
        const rows = await store.listPeople({ after: readCursor(cursor, 0), limit });
        return page(rows, limit, (row) => row.id, personView);
      },
    );

    app.get(
      '/v1/people/:id',
      { schema: { tags: ['people'], summary: 'One person', params: ID } },
      async (request) => {
        authorizeOperator(keys, request);
        return personView(await find(request.params.id));
      },
    );

    app.patch(
      '/v1/people/:id',
      {
        schema: {
          tags: ['people'],
          summary: 'Change what is given',
          description: 'All but another name ends their sessions.',
          params: ID,
          body: Type.Object(
            {
              ...Type.Partial(Type.Object(FIELDS)).properties,
              totp: Type.Optional(
                Type.Literal(false, {
                  description: 'Takes the second factor away, for somebody who lost it',
                }),
              ),
            },
            { additionalProperties: false, minProperties: 1 },
          ),
        },
      },
      async (request) => {
        const principal = authorizeOperator(keys, request);
        const { totp, ...change } = request.body;
        const before = await findWithin(principal, request.params.id);
        const { role = before.role } = change;
        requireScopes(principal, { scopes: ROLE_SCOPES[role] });
        const losesAll = before.role === 'operator' && role !== 'operator';
        if (losesAll || change.locations !== undefined) readLocations(role, change.locations);
        const changed = await store.updatePerson({
          id: before.id,
          change: {
            ...change,
            ...(change.email !== undefined && { email: emailOf(change.email) }),
          },
          dropsTotp: totp === false,
          by: whoOf(principal, request),
        });
        if (changed === 'unknown') throw notFound();
        if (changed === 'taken') throw taken();
        if (changed === 'last') throw last();
        return personView(changed);
      },
    );

    app.delete(
      '/v1/people/:id',
      { schema: { tags: ['people'], summary: 'Remove a person, with their sessions', params: ID } },
      async (request, reply) => {
        const principal = authorizeOperator(keys, request);
        const { id } = await findWithin(principal, request.params.id);
        const done = await store.removePerson({ id, by: whoOf(principal, request) });
        if (done === 'unknown') throw notFound();
        if (done === 'last') throw last();
        return reply.code(204).send();
      },
    );

    app.post(
      '/v1/people/:id/link',
      {
        schema: {
          tags: ['people'],
          summary: 'Make another link, also for somebody who forgot their password',
          description: 'The link before is over. Their password and sessions end when it is used.',
          params: ID,
        },
      },
      async (request, reply) => {
        const principal = authorizeOperator(keys, request);
        const { id } = await findWithin(principal, request.params.id);
        const link = await people.makeLink(id, whoOf(principal, request));
        if (link === null) throw notFound();
        reply.header('cache-control', 'no-store').code(201);
        return { link: urlOf(link) };
      },
    );
  };

  /** Nobody gets hold of somebody who may do more than they themselves. */
  async function findWithin(principal: Principal, id: number): Promise<StoredPerson> {
    const person = await find(id);
    requireScopes(principal, { scopes: ROLE_SCOPES[person.role] });
    return person;
  }

  async function find(id: number): Promise<StoredPerson> {
    const person = await store.getPerson({ id });
    if (!person) throw notFound();
    return person;
  }
}

/** All locations are given on purpose, never by leaving something out. */
function readLocations(
  role: PersonInput['role'],
  locations: PersonInput['locations'] | undefined,
): PersonInput['locations'] {
  const refuse = (problem: string) =>
    new AppError('invalid_request', `locations: ${problem}`, 'locations');
  if (role === 'operator') {
    if (locations != null) throw refuse('an operator has all: leave them out');
    return null;
  }
  if (locations === undefined) throw refuse('must be given; null is all');
  return locations;
}

function notFound(): AppError {
  return new AppError('not_found', 'There is no such person.');
}

function taken(): AppError {
  return new AppError('conflict', 'Somebody has this email already.', 'email');
}

function last(): AppError {
  return new AppError('conflict', 'Nobody else is an operator. Make somebody one first.');
}

/** A person as operators see them. */
function personView(person: StoredPerson) {
  return {
    id: person.id,
    name: person.name,
    email: person.email,
    role: person.role,
    locations: person.locations,
    totp: person.totpStep !== null,
    /** False: they have not chosen a password yet. */
    joined: person.password !== null,
    createdAt: instant(person.createdAt),
    lastSignIn: instant(person.signedInAt),
  };
}
