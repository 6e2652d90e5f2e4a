import { Stack, Text } from '@mantine/core';
import { useWindowEvent } from '@mantine/hooks';
import type { Session } from '@posthorn/sdk';
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { posthorn } from '../api/client.ts';
import { signedOut } from '../api/signed-out.ts';
import { Dialog } from '../parts/dialog.tsx';
import { ProviderButton } from '../parts/sign-in/provider-button.tsx';
import { SignInForm } from '../parts/sign-in/sign-in-form.tsx';
import { sessionQuery } from '../queries/session.ts';
import { texts } from '../texts/texts.ts';

/** Above the page of somebody whose session ended: what they typed waits for them below. */
export function SignInAgain() {
  const isSignedOut = signedOut.use();
  const { data: before } = useSuspenseQuery(sessionQuery);
  const queryClient = useQueryClient();

  const goOn = async (session: Session) => {
    signedOut.set(false);
    // Somebody else must not see what was read for another.
    if (session.id !== before.id) return globalThis.location.reload();
    queryClient.setQueryData(sessionQuery.queryKey, session);
    await queryClient.invalidateQueries();
  };
  // Signed in with a provider, or before another page: the cookie is the same in every tab.
  useWindowEvent('visibilitychange', () => {
    if (isSignedOut && document.visibilityState === 'visible')
      posthorn.session.get().then(goOn, () => {});
  });

  if (!isSignedOut) return null;
  return (
    <Dialog title={texts.frame.signedOutTitle} zIndex={300}>
      <Stack>
        <Text size="sm" c="dimmed">
          {texts.frame.signedOut}
        </Text>
        <SignInForm email={before.email ?? ''} onDone={goOn} />
        <ProviderButton inAnotherTab />
      </Stack>
    </Dialog>
  );
}
