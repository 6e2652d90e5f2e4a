import type { CertificateProblem } from '@posthorn/sdk';
import { Time } from '../../parts/time.tsx';
import { VisibleText } from '../../parts/visible-text/visible-text.tsx';
import { texts } from '../../texts/texts.ts';
import styles from './certificate.module.css';

const words = texts.delivery.certificate;

interface CertificateProps {
  readonly certificate: CertificateProblem;
}

/** Whether its problem is a date that is known: then the reader's own zone matters. */
export function isAboutDates({ fault, validFrom, validTo }: CertificateProblem): boolean {
  return (
    (fault === 'expired' && validTo !== null) || (fault === 'not_yet_valid' && validFrom !== null)
  );
}

/** `The certificate of hooks.example.com expired on 1 November 2026 at 13:00`. */
export function CertificateSentence({ certificate }: CertificateProps) {
  const { fault, host, authority, validFrom, validTo } = certificate;
  const isOver = fault === 'expired';
  return (
    <>
      <VisibleText text={words.of(host)} />{' '}
      {authority !== null && (
        <>
          <VisibleText text={words.dependsOn(authority)} />{' '}
        </>
      )}
      {isOver ? words.expired : words.notBefore} <Time at={isOver ? validTo : validFrom} isDated />
    </>
  );
}

/** What the certificate says of itself. */
export function CertificateFacts({ certificate }: CertificateProps) {
  const { authority, names, nameCount, issuer, validFrom, validTo } = certificate;
  const more = nameCount - names.length;
  return (
    <dl className={styles.facts} aria-label={words.facts}>
      <dt>{words.hosts}</dt>
      <dd>
        {names.length === 0 ? (
          words.noHost
        ) : (
          <VisibleText text={names.join(', ')} foldAfter={300} />
        )}
        {more > 0 && ` ${words.moreHosts(more)}`}
      </dd>
      <dt>{words.issuer}</dt>
      <dd>{issuer === null ? words.noIssuer : <VisibleText text={issuer} />}</dd>
      {/* The dates of one above it are told in the sentence. */}
      {authority === null && validFrom !== null && validTo !== null && (
        <>
          <dt>{words.valid}</dt>
          <dd>
            <Time at={validFrom} isDated /> {words.until} <Time at={validTo} isDated />
          </dd>
        </>
      )}
    </dl>
  );
}
