import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { LinkButton } from '../../parts/link-button.tsx';
import { texts } from '../../texts/texts.ts';
import { Door } from '../../frame/door.tsx';

/** Where a link that works once does not work. */
export function DeadLink({ children }: { readonly children: ReactNode }) {
  return (
    <Door title={texts.signIn.title}>
      <Text>{children}</Text>
      <LinkButton to="/sign-in">{texts.signIn.toSignIn}</LinkButton>
    </Door>
  );
}
