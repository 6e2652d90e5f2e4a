import { IconPlus } from '@tabler/icons-react';
import { useMay } from '../queries/session.ts';
import { texts } from '../texts/texts.ts';
import { LinkButton } from './link-button.tsx';

/** Leads to a new webhook, for those who may make one. */
export function CreateWebhook() {
  if (!useMay('webhooks:write')) return null;
  return (
    <LinkButton to="/webhooks/new" leftSection={<IconPlus size={16} />}>
      {texts.parts.createWebhook}
    </LinkButton>
  );
}
