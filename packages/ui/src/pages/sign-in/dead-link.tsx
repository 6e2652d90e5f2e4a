import { Button, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { texts } from '../../texts/texts.ts';
import { Door } from '../../frame/door.tsx';

/** Where a link that works once does not work. */
export function DeadLink({ children }: { readonly children: ReactNode }) {
  return (
    <Door title={texts.signIn.title}>
      <Text>{children}</Text>
      <Button component={Link} to="/sign-in">
        {texts.signIn.toSignIn}
      </Button>
    </Door>
  );
}
