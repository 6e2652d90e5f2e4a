import { useState } from 'react';
import { PageTitle } from '../../parts/page-title.tsx';
import { texts } from '../../texts/texts.ts';
import { ApiKeys } from './api-keys.tsx';
import { Apps } from './apps.tsx';
import { type Asked, KeysDialog } from './keys-dialog.tsx';
import { SigningKeySection } from './signing-key.tsx';

/** What programs identify themselves with, and what calls are signed with; for operators. */
export function Keys() {
  const [asked, setAsked] = useState<Asked | null>(null);
  return (
    <>
      <PageTitle title={texts.keys.title} lead={texts.keys.lead} />
      <ApiKeys onAsk={setAsked} />
      <Apps onAsk={setAsked} />
      <SigningKeySection onAsk={setAsked} />
      {asked !== null && <KeysDialog asked={asked} onAsk={setAsked} />}
    </>
  );
}
