import { Button, Menu } from '@mantine/core';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { IconLogout, IconUser } from '@tabler/icons-react';
import { useSignOut } from '../parts/use-sign-out.ts';
import { sessionQuery } from '../queries/session.ts';
import { texts } from '../texts/texts.ts';
import { ColourChoice } from './colour-choice.tsx';

/** Who is signed in, and what concerns them alone. */
export function AccountMenu() {
  const { data: session } = useSuspenseQuery(sessionQuery);
  const signOut = useSignOut();

  return (
    <Menu position="bottom-end" withinPortal={false} width={220}>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          leftSection={<IconUser size={18} />}
          aria-label={texts.frame.account(session.name)}
        >
          {session.name}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <ColourChoice />
        <Menu.Divider />
        <Menu.Item component={Link} to="/settings/profile" leftSection={<IconUser size={16} />}>
          {texts.frame.profile}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => signOut('here')}>
          {texts.frame.signOut}
        </Menu.Item>
        <Menu.Item onClick={() => signOut('everywhere')}>{texts.frame.signOutEverywhere}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
