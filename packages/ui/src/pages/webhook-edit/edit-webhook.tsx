import { notifications } from '@mantine/notifications';
import type { WebhookWithWaiting } from '@posthorn/sdk';
import { useMutation, useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { posthorn } from '../../api/client.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { OnlyFor } from '../../parts/only-for.tsx';
import { PageTitle } from '../../parts/page-title.tsx';
import { sessionQuery } from '../../queries/session.ts';
import { webhookQuery } from '../../queries/webhook.ts';
import { tellProblem } from '../../parts/tell-problem.ts';
import { texts } from '../../texts/texts.ts';
import { Editor, type Then } from './editor.tsx';
import { changeOf, type Fields, fieldsOf } from './fields.ts';
import { TestResult } from './test-result.tsx';

const route = getRouteApi('/in/webhooks/$webhook/edit');
const words = texts.webhookEdit;

/** Changes a webhook, and tries it. */
export function EditWebhook() {
  const { webhook: id } = route.useParams();
  const query = useQuery(webhookQuery(Number(id)));
  return (
    <OnlyFor scope="webhooks:write" title={words.mayNotTitle} words={words.mayNot}>
      <Loaded query={query}>{(webhook) => <Page key={id} webhook={webhook} />}</Loaded>
    </OnlyFor>
  );
}

function Page({ webhook }: { readonly webhook: WebhookWithWaiting }) {
  const { test } = route.useSearch();
  const navigate = route.useNavigate();
  const queryClient = useQueryClient();
  const { data: session } = useSuspenseQuery(sessionQuery);

  const sendTest = async () => {
    const { delivery } = await posthorn.webhooks.test(webhook.id);
    await navigate({ search: { test: delivery }, replace: true });
  };
  const save = async (fields: Fields, then: Then) => {
    const change = changeOf(fields, webhook);
    if (change !== null) {
      await posthorn.webhooks.change(webhook.id, change);
      await queryClient.invalidateQueries({ queryKey: ['webhooks'] });
      notifications.show({ message: words.saved });
    }
    if (then === 'test') await sendTest();
  };
  const again = useMutation({
    mutationFn: sendTest,
    onError: tellProblem,
  });

  return (
    <>
      <PageTitle title={words.editTitle(webhook.name)}>
        <Link to="/webhooks">{words.toList}</Link>
      </PageTitle>
      <Editor
        session={session}
        webhook={webhook}
        initial={fieldsOf(webhook)}
        save={save}
        aside={
          test !== undefined && (
            <TestResult
              delivery={test}
              onAgain={() => again.mutate()}
              isSending={again.isPending}
            />
          )
        }
      />
    </>
  );
}
