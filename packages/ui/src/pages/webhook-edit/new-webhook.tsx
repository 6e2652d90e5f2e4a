import { notifications } from '@mantine/notifications';
import type { Session, Webhook } from '@posthorn/sdk';
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { posthorn } from '../../api/client.ts';
import { OnlyFor } from '../../parts/only-for.tsx';
import { PageTitle } from '../../parts/page-title.tsx';
import { sessionQuery } from '../../queries/session.ts';
import { tellProblem } from '../../parts/tell-problem.ts';
import { texts } from '../../texts/texts.ts';
import { Editor, type Then } from './editor.tsx';
import { type Fields, inputOf } from './fields.ts';

const route = getRouteApi('/in/webhooks/new');
const words = texts.webhookEdit;

/** Makes a webhook, and stays with it: a test is the next thing to do. */
export function NewWebhook() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const queryClient = useQueryClient();
  const { data: session } = useSuspenseQuery(sessionQuery);

  const save = async (fields: Fields, then: Then) => {
    const webhook = await posthorn.webhooks.create(inputOf(fields));
    void queryClient.invalidateQueries({ queryKey: ['webhooks'] });
    notifications.show({ message: words.created });
    const test = then === 'test' ? await testOf(webhook) : undefined;
    await navigate({
      to: '/webhooks/$webhook/edit',
      params: { webhook: String(webhook.id) },
      search: { test },
    });
  };
  return (
    <OnlyFor scope="webhooks:write" title={words.mayNotTitle} words={words.mayNot}>
      <PageTitle title={words.newTitle} lead={words.newLead} />
      <Editor session={session} webhook={null} initial={initialOf(session, search)} save={save} />
    </OnlyFor>
  );
}

/** The webhook is there whether or not its test could be sent: no error of the form. */
async function testOf({ id }: Webhook): Promise<string | undefined> {
  try {
    return (await posthorn.webhooks.test(id)).delivery;
  } catch (error) {
    tellProblem(error);
    return undefined;
  }
}

interface Given {
  readonly url?: string | undefined;
  readonly action?: string | undefined;
  readonly location?: number | undefined;
}

function initialOf({ locations }: Session, { url, action, location }: Given): Fields {
  const place = location ?? locations?.[0];
  return {
    name: '',
    description: '',
    url: url ?? '',
    actions: action === undefined ? [] : [action],
    isEvery: false,
    location: place ?? null,
    isEverywhere: place === undefined,
    concurrency: '',
    active: true,
    held: 'send',
  };
}
