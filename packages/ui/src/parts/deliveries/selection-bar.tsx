import { Button, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { Resent } from '@posthorn/sdk';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { posthorn } from '../../api/client.ts';
import { tellProblem } from '../tell-problem.ts';
import { texts } from '../../texts/texts.ts';
import styles from './selection-bar.module.css';
import type { Selection } from './use-selection.ts';

const words = texts.deliveries;

/** As many as the service takes in one request. */
const MAX_RESENT = 100;

/** What can be done with the deliveries that are chosen; it stays in sight. */
export function SelectionBar({ selection }: { readonly selection: Selection }) {
  const queryClient = useQueryClient();
  const resend = useMutation({
    mutationFn: resendAll,
    onSuccess(resent) {
      selection.clear();
      tell(resent);
    },
    onError: tellProblem,
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['deliveries'] }),
  });
  return (
    <div className={styles.bar} role="region" aria-label={words.selected(selection.ids.size)}>
      <Text size="sm" fw={600} role="status">
        {words.selected(selection.ids.size)}
      </Text>
      <Button variant="subtle" size="sm" onClick={selection.clear}>
        {words.clearSelection}
      </Button>
      <Button
        size="sm"
        loading={resend.isPending}
        onClick={() => resend.mutate([...selection.ids])}
      >
        {words.resend}
      </Button>
    </div>
  );
}

/** One request after the other, so that a long list does not crowd out what arrives. */
async function resendAll(ids: readonly string[]): Promise<readonly Resent[]> {
  const resent: Resent[] = [];
  for (let at = 0; at < ids.length; at += MAX_RESENT)
    resent.push(...(await posthorn.deliveries.resendMany(ids.slice(at, at + MAX_RESENT))));
  return resent;
}

/** How many are sent again, and why others are not. */
function tell(resent: readonly Resent[]): void {
  const problems = Map.groupBy(
    resent.filter(({ problem }) => problem !== null),
    ({ problem }) => problem!.detail,
  );
  const done = resent.filter(({ problem }) => problem === null).length;
  notifications.show({
    color: problems.size > 0 ? 'orange' : 'green',
    message: [
      words.resent(done),
      ...[...problems].map(([why, those]) => words.notResent(those.length, why)),
    ].join(' '),
  });
}
