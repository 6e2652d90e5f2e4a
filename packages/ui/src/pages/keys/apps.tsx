import { Button, Menu, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { FailedState } from '../../parts/failed-state.tsx';
import { LoadingRows } from '../../parts/loading-rows.tsx';
import { RowMenu } from '../../parts/row-menu.tsx';
import { Section } from '../../parts/section.tsx';
import { Time } from '../../parts/time.tsx';
import { VisibleText } from '../../parts/visible-text/visible-text.tsx';
import { appsQuery } from '../../queries/apps.ts';
import { texts } from '../../texts/texts.ts';
import styles from './apps.module.css';
import type { Ask } from './keys-dialog.tsx';

const words = texts.keys;

/** Programs of others. */
export function Apps({ onAsk }: { readonly onAsk: Ask }) {
  const { data: apps, error, refetch } = useQuery(appsQuery);
  return (
    <Section
      title={words.apps}
      lead={words.appsLead}
      action={
        <Button
          variant="default"
          leftSection={<IconPlus size={16} />}
          onClick={() => onAsk({ what: 'create-app' })}
        >
          {words.createApp}
        </Button>
      }
    >
      {error !== null && apps === undefined && (
        <FailedState error={error} onAgain={() => void refetch()} />
      )}
      {error === null && apps === undefined && <LoadingRows rows={1} />}
      {apps?.length === 0 && <Text c="dimmed">{words.noApps}</Text>}
      {apps !== undefined && apps.length > 0 && (
        <ul className={styles.apps}>
          {apps.map((app) => (
            <li key={app.id} className={styles.app}>
              <div>
                <VisibleText text={app.name} foldAfter={200} />
                <Text size="sm" c="dimmed" component="div">
                  {words.appId(app.id)} · <Time at={app.createdAt} />
                </Text>
              </div>
              <RowMenu label={words.actionsFor(app.name)}>
                <Menu.Item onClick={() => onAsk({ what: 'create-key', app: app.id })}>
                  {words.create}
                </Menu.Item>
                <Menu.Item
                  color="var(--state-bad)"
                  onClick={() => onAsk({ what: 'delete-app', app })}
                >
                  {words.deleteApp}
                </Menu.Item>
              </RowMenu>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
