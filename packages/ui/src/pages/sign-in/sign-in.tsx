import { Alert, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Door } from '../../frame/door.tsx';
import { ProviderButton } from '../../parts/sign-in/provider-button.tsx';
import { SignInForm } from '../../parts/sign-in/sign-in-form.tsx';
import { signInWaysQuery } from '../../queries/session.ts';
import { texts } from '../../texts/texts.ts';
import { useArrive } from './use-arrive.ts';

const route = getRouteApi('/sign-in');

/** For people with an account, and for those who come from an identity provider. */
export function SignIn() {
  const { next, error } = route.useSearch();
  const { data: ways } = useQuery(signInWaysQuery);
  const arrive = useArrive();

  return (
    <Door title={texts.signIn.title}>
      {error !== undefined && (
        <Alert color="red" role="alert">
          {texts.signIn.sentBack[error] ?? texts.signIn.sentBackElse}
        </Alert>
      )}
      {ways?.setup === true && <Alert>{texts.signIn.setupOpen}</Alert>}
      <SignInForm email="" onDone={() => arrive(next)} />
      <ProviderButton />
      <Text size="sm" c="dimmed">
        {texts.signIn.forgotten}
      </Text>
    </Door>
  );
}
