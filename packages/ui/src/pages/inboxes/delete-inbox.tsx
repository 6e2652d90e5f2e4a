import { Button, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { posthorn } from '../../api/client.ts';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { useMay } from '../../queries/session.ts';
import { texts } from '../../texts/texts.ts';

const route = getRouteApi('/in/inboxes/$inbox');
const words = texts.inboxes;

/** Deletes an inbox, after asking. */
export function DeleteInbox({ id }: { readonly id: string }) {
  const [isAsking, setAsking] = useState(false);
  const navigate = route.useNavigate();
  const queryClient = useQueryClient();
  const mayDelete = useMay('webhooks:write');
  if (!mayDelete) return null;
  return (
    <>
      <Button variant="default" size="compact-sm" onClick={() => setAsking(true)}>
        {words.delete}
      </Button>
      {isAsking && (
        <ConfirmDialog
          title={words.deleteTitle}
          confirm={words.delete}
          isDangerous
          onConfirm={() => posthorn.inboxes.delete(id)}
          onDone={() => {
            void queryClient.invalidateQueries({ queryKey: ['inboxes'] });
            void navigate({ to: '/inboxes' });
          }}
          onClose={() => setAsking(false)}
        >
          <Text>{words.deleteLead}</Text>
        </ConfirmDialog>
      )}
    </>
  );
}
