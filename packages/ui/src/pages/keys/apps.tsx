import { Button, Menu, Text } from '@mantine/core';
import type { App } from '@posthorn/sdk';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Loaded } from '../../parts/loaded.tsx';
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
  const query = useQuery(appsQuery);
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
      <Loaded query={query} rows={1}>
        {(apps) =>
          apps.length === 0 ? (
            <Text c="dimmed">{words.noApps}</Text>
          ) : (
            <ul className={styles.apps}>
              {apps.map((app) => (
                <OneApp key={app.id} app={app} onAsk={onAsk} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Section>
  );
}

function OneApp({ app, onAsk }: { readonly app: App; readonly onAsk: Ask }) {
  return (
    <li className={styles.app}>
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
        <Menu.Item color="var(--state-bad)" onClick={() => onAsk({ what: 'delete-app', app })}>
          {words.deleteApp}
        </Menu.Item>
      </RowMenu>
    </li>
  );
}
