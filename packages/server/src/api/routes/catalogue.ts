import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { ApiNeeds } from '../context.ts';
import { AppError } from '../problem.ts';
import { requireAction } from '../require-action.ts';

/** The catalogue of actions; readable without a key. */
export function catalogueRoutes({
  catalogue,
}: Pick<ApiNeeds, 'catalogue'>): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/api/utils/enums',
      {
        schema: {
          tags: ['catalogue'],
          security: [],
          summary: 'The values of an enum, such as eWebhookAction',
          querystring: Type.Object({ name: Type.Optional(Type.String()) }),
        },
      },
      async (request) => {
        const { name } = request.query;
        const values = name === undefined ? undefined : catalogue.enumValues(name);
        if (values) return values;
        throw new AppError(
          'unknown_enum',
          name === undefined ? 'name: is missing' : 'name: is not the name of an enum',
          'name',
        );
      },
    );

    app.get(
      '/v1/actions',
      { schema: { tags: ['catalogue'], security: [], summary: 'All actions that can take place' } },
      async () => ({ items: catalogue.actions.filter((action) => action.record !== null) }),
    );

    app.get(
      '/v1/actions/:action',
      {
        schema: {
          tags: ['catalogue'],
          security: [],
          summary: 'One action with the schema and a sample of its record',
          params: Type.Object({ action: Type.String({ maxLength: 100 }) }),
        },
      },
      async (request) => {
        const action = requireAction(catalogue, request.params.action);
        return {
          ...action,
          schema: catalogue.recordSchema(action),
          sample: JSON.parse(catalogue.sampleRecord(action)) as unknown,
        };
      },
    );
  };
}
