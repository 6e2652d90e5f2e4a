import { Button, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { posthorn } from '../../api/client.ts';
import { sentenceOf } from '../../api/problems.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { FormProblem } from '../../parts/form-problem.tsx';
import { Section } from '../../parts/section.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { texts } from '../../texts/texts.ts';
import { TotpStart } from './totp-start.tsx';
import { TotpStop } from './totp-stop.tsx';

const words = texts.profile;

/** The second factor: proposed, proven with a code, and then asked for at every sign-in. */
export function TotpSection({ isOn }: { readonly isOn: boolean }) {
  const [isStopping, setStopping] = useState(false);
  const propose = useMutation({ mutationFn: () => posthorn.me.proposeTotp() });

  if (isOn) {
    return (
      <Section
        title={words.totpTitle}
        lead={words.totpOnLead}
        action={
          <Button variant="default" onClick={() => setStopping(true)}>
            {words.totpStop}
          </Button>
        }
      >
        <StateBadge mood="good">{words.totpOn}</StateBadge>
        <Text size="sm" c="dimmed">
          {words.totpLost}
        </Text>
        {isStopping && (
          <Dialog onClose={() => setStopping(false)} title={words.totpStopTitle}>
            <TotpStop
              onDone={() => {
                setStopping(false);
                propose.reset();
              }}
            />
          </Dialog>
        )}
      </Section>
    );
  }
  return (
    <Section
      title={words.totpTitle}
      lead={words.totpOffLead}
      action={
        propose.data === undefined && (
          <Button variant="default" loading={propose.isPending} onClick={() => propose.mutate()}>
            {words.totpSetUp}
          </Button>
        )
      }
    >
      <FormProblem problem={propose.error === null ? undefined : sentenceOf(propose.error)} />
      {propose.data !== undefined && <TotpStart proposal={propose.data} />}
    </Section>
  );
}
