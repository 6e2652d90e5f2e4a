import { Button, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Section } from '../../parts/section.tsx';
import { ToCopy } from '../../parts/to-copy.tsx';
import { Time } from '../../parts/time.tsx';
import { signingKeyQuery } from '../../queries/keys.ts';
import { texts } from '../../texts/texts.ts';
import type { Ask } from './keys-dialog.tsx';

const words = texts.keys;

/** The key pair of the service, where that is switched on. */
export function SigningKeySection({ onAsk }: { readonly onAsk: Ask }) {
  const { data: signingKey } = useQuery(signingKeyQuery);
  if (signingKey == null) return null;
  return (
    <Section
      title={words.signingKey}
      lead={words.signingKeyLead}
      action={
        <Button variant="default" onClick={() => onAsk({ what: 'rotate-signing-key' })}>
          {words.rotateSigningKey}
        </Button>
      }
    >
      <ToCopy label={words.publicKey} text={signingKey.publicKey} note={words.publicKeyNote} />
      {signingKey.keys
        .filter(({ until }) => until !== null)
        .map(({ publicKey, until }) => (
          <Text key={publicKey} size="sm" component="div">
            <code>{publicKey}</code> · {words.olderKeys} <Time at={until} />
          </Text>
        ))}
    </Section>
  );
}
