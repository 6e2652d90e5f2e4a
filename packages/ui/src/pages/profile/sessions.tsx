import { Button } from '@mantine/core';
import { Section } from '../../parts/section.tsx';
import { useSignOut } from '../../parts/use-sign-out.ts';
import { texts } from '../../texts/texts.ts';

const words = texts.profile;

export function SessionsSection() {
  const signOut = useSignOut();
  return (
    <Section
      title={words.sessionsTitle}
      lead={words.sessionsLead}
      action={
        <Button variant="default" onClick={() => signOut('everywhere')}>
          {words.signOutEverywhere}
        </Button>
      }
    />
  );
}
