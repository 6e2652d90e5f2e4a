import { Button, Divider } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { signInWaysQuery } from '../../queries/session.ts';
import { texts } from '../../texts/texts.ts';

interface ProviderButtonProps {
  /** Leaves the page as it is: the provider sends people back to the overview. */
  readonly inAnotherTab?: boolean;
}

/** For those who come from an identity provider; nothing where there is none. */
export function ProviderButton({ inAnotherTab = false }: ProviderButtonProps) {
  const { data: ways } = useQuery(signInWaysQuery);
  if (ways?.oidc == null) return null;
  const words = inAnotherTab ? texts.signIn.withInTab : texts.signIn.with;
  return (
    <>
      <Divider label={texts.signIn.or} />
      <Button
        component="a"
        href="/v1/oidc/start"
        target={inAnotherTab ? '_blank' : undefined}
        variant="default"
      >
        {words(ways.oidc.name)}
      </Button>
    </>
  );
}
