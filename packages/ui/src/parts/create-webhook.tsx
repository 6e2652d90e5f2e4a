import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { may, sessionQuery } from '../queries/session.ts';
import { texts } from '../texts/texts.ts';

/** Leads to a new webhook, for those who may make one. */
export function CreateWebhook() {
  const { data: session } = useQuery(sessionQuery);
  if (!may(session, 'webhooks:write')) return null;
  return (
    <Button component={Link} to="/webhooks/new" leftSection={<IconPlus size={16} />}>
      {texts.parts.createWebhook}
    </Button>
  );
}
