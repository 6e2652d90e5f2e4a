import { Button, Menu } from '@mantine/core';
import { useMutation, useSuspenseQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { IconLogout, IconUser } from '@tabler/icons-react';
import { posthorn } from '../api/client.ts';
import { queryClient } from '../api/query-client.ts';
import { sessionQuery } from '../queries/session.ts';
import { texts } from '../texts/texts.ts';
import { ColourChoice } from './colour-choice.tsx';

/** Who is signed in, and what concerns them alone. */
export function AccountMenu() {
  const { data: session } = useSuspenseQuery(sessionQuery);
  const navigate = useNavigate();
  const leave = useMutation({
    mutationFn: (where: 'here' | 'everywhere') =>
      where === 'here' ? posthorn.session.signOut() : posthorn.session.signOutEverywhere(),
    onSuccess: async () => {
      await navigate({ to: '/sign-in' });
      queryClient.clear();
    },
  });

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
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => leave.mutate('here')}>
          {texts.frame.signOut}
        </Menu.Item>
        <Menu.Item onClick={() => leave.mutate('everywhere')}>
          {texts.frame.signOutEverywhere}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
