import { ActionIcon } from '@mantine/core';
import { IconMenu2, IconX } from '@tabler/icons-react';
import { getRouteApi, Link, Outlet, useLocation } from '@tanstack/react-router';
import { useState } from 'react';
import { LinkButton } from '../parts/link-button.tsx';
import { texts } from '../texts/texts.ts';
import { AccountMenu } from './account-menu.tsx';
import styles from './frame.module.css';
import { Gone } from './gone.tsx';
import { Navigation } from './navigation.tsx';
import { SignInAgain } from './sign-in-again.tsx';
import { Wordmark } from './wordmark.tsx';

const route = getRouteApi('/in');

/** What stands around every page but those of signing in. */
export function Frame() {
  const { session } = route.useRouteContext();
  return session === null ? <OpenFrame /> : <SignedInFrame />;
}

/** For a page that is shown to all, before somebody who is not signed in: it leads nowhere else. */
function OpenFrame() {
  const { href } = useLocation();
  return (
    <div className={styles.open}>
      <Skip />
      <header className={styles.header}>
        <span className={styles.home}>
          <Wordmark />
        </span>
        <LinkButton to="/sign-in" search={{ next: href }} variant="default">
          {texts.signIn.title}
        </LinkButton>
      </header>
      <Content />
    </div>
  );
}

function SignedInFrame() {
  const { pathname } = useLocation();
  // On a phone the menu stands above the page, until one goes to another.
  const [openAt, setOpenAt] = useState<string | null>(null);
  const isOpen = openAt === pathname;

  return (
    <div className={styles.frame}>
      <Skip />
      <header className={styles.header}>
        <ActionIcon
          className={styles.menu}
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={texts.frame.menu}
          aria-expanded={isOpen}
          aria-controls="navigation"
          onClick={() => setOpenAt(isOpen ? null : pathname)}
        >
          {isOpen ? <IconX size={20} /> : <IconMenu2 size={20} />}
        </ActionIcon>
        <Link to="/" className={styles.home}>
          <Wordmark />
        </Link>
        <AccountMenu />
      </header>
      <nav
        id="navigation"
        className={styles.navigation}
        data-open={isOpen || undefined}
        aria-label={texts.frame.navigation}
      >
        <Navigation />
      </nav>
      <Content />
      <SignInAgain />
    </div>
  );
}

function Skip() {
  return (
    <a href="#content" className={styles.skip}>
      {texts.frame.skip}
    </a>
  );
}

function Content() {
  return (
    <main id="content" className={styles.content} tabIndex={-1}>
      <Gone />
      <Outlet />
    </main>
  );
}
