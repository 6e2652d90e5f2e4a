import { useSuspenseQuery } from '@tanstack/react-query';
import { PageTitle } from '../../parts/page-title.tsx';
import { sessionQuery } from '../../queries/session.ts';
import { texts } from '../../texts/texts.ts';
import { NameSection } from './name.tsx';
import { PasswordSection } from './password.tsx';
import styles from './profile.module.css';
import { SessionsSection } from './sessions.tsx';
import { TotpSection } from './totp.tsx';

const words = texts.profile;

/** What people change about themselves. */
export function Profile() {
  const { data: session } = useSuspenseQuery(sessionQuery);
  const { email, role, totp } = session;
  if (email === undefined || role === undefined) {
    return <PageTitle title={words.title} lead={words.leadOfKey} />;
  }
  return (
    <div className={styles.profile}>
      <PageTitle
        title={words.title}
        lead={words.lead(email, texts.people.roles[role].label.toLowerCase())}
      />
      <NameSection name={session.name} />
      <PasswordSection email={email} />
      <TotpSection isOn={totp === true} />
      <SessionsSection />
    </div>
  );
}
