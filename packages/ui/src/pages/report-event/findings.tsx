import { Text, UnstyledButton } from '@mantine/core';
import { StateBadge } from '../../parts/state-badge.tsx';
import { VisibleText } from '../../parts/visible-text/visible-text.tsx';
import { texts } from '../../texts/texts.ts';
import { type Finding, isRefused, lineAt } from './check-record.ts';
import styles from './report-event.module.css';

/** So many are listed; whoever mends them sees the next. */
const SHOWN = 12;

const words = texts.reportEvent;

interface FindingsProps {
  readonly id: string;
  readonly text: string;
  readonly findings: readonly Finding[];
  readonly onGo: (at: number) => void;
}

/** What is to be said about the record; each leads to its place in the text. */
export function Findings({ id, text, findings, onGo }: FindingsProps) {
  const refused = findings.some(isRefused);
  return (
    <div>
      <div id={id} role="status">
        <StateBadge mood={refused ? 'bad' : findings.length > 0 ? 'warn' : 'good'}>
          {refused
            ? words.refused
            : findings.length > 0
              ? words.differs(findings.length)
              : words.fits}
        </StateBadge>
      </div>
      {findings.length > 0 && (
        <ul className={styles.findings}>
          {findings.slice(0, SHOWN).map(({ at, path, problem }, index) => (
            // oxlint-disable-next-line no-array-index-key -- one place may be found twice
            <li key={index}>
              <UnstyledButton className={styles.finding} onClick={() => onGo(at)}>
                <span className={styles.line}>{words.line(lineAt(text, at))}</span>
                <span>
                  {path !== '' && (
                    <code>
                      <VisibleText text={path} foldAfter={200} />
                    </code>
                  )}{' '}
                  {words.problem(problem)}
                </span>
              </UnstyledButton>
            </li>
          ))}
        </ul>
      )}
      {findings.length > SHOWN && (
        <Text size="sm" c="dimmed">
          {words.more(findings.length - SHOWN)}
        </Text>
      )}
    </div>
  );
}
