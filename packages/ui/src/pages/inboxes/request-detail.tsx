import { Button, Title } from '@mantine/core';
import type { InboxRequest, SignatureVerdict } from '@posthorn/sdk';
import { getRouteApi } from '@tanstack/react-router';
import { HeaderList } from '../../parts/http/header-list.tsx';
import { RequestLine } from '../../parts/http/request-line.tsx';
import { JsonView } from '../../parts/json/json-view.tsx';
import { Time } from '../../parts/time.tsx';
import { texts } from '../../texts/texts.ts';
import styles from './inboxes.module.css';
import { VerdictBadge } from './verdict-badge.tsx';

const route = getRouteApi('/in/inboxes/$inbox');
const words = texts.inboxes;

/** The request that was chosen, or the newest. */
export function RequestDetail({ rows }: { readonly rows: readonly InboxRequest[] }) {
  const { request: number } = route.useSearch();
  const navigate = route.useNavigate();
  const request = number === undefined ? rows[0] : rows.find((row) => row.number === number);
  if (request === undefined) {
    return (
      <div className={styles.detail}>
        <p>{words.notKept}</p>
        <Button variant="default" onClick={() => void navigate({ search: {} })}>
          {words.newest}
        </Button>
      </div>
    );
  }
  const { method, path, headers, body, encoding, signature, receivedAt } = request;
  return (
    <article className={styles.detail} key={request.number}>
      <div className={styles.head}>
        <Title order={2} size="h4">
          {words.number(request.number)}
        </Title>
        <span className={styles.note}>
          <Time at={receivedAt} />
        </span>
      </div>
      <RequestLine method={method} url={path} />
      <section>
        <h3 className={styles.heading}>{words.signature}</h3>
        <Signature header="webhook-signature" verdict={signature.standard} />
        <Signature header="X-Nexudus-Hook-Signature" verdict={signature.nexudus} />
      </section>
      <section>
        <h3 className={styles.heading}>{words.body}</h3>
        {encoding === 'base64' && <p className={styles.note}>{words.binary}</p>}
        {body === '' ? (
          <p className={styles.note}>{words.noBody}</p>
        ) : (
          <JsonView text={body} label={words.body} />
        )}
      </section>
      <section>
        <h3 className={styles.heading}>{words.headers}</h3>
        <HeaderList headers={headers} label={words.headers} />
      </section>
    </article>
  );
}

interface SignatureProps {
  readonly header: string;
  readonly verdict: SignatureVerdict;
}

function Signature({ header, verdict }: SignatureProps) {
  return (
    <div className={styles.signature}>
      <code className={styles.header}>{header}</code>
      <div>
        <VerdictBadge verdict={verdict} />
        <div className={styles.note}>{words.meaning[verdict]}</div>
      </div>
    </div>
  );
}
