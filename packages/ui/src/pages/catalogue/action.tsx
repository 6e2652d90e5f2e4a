import { Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { isUnknownAction } from '../../api/problems.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Fact, FactList } from '../../parts/fact-list.tsx';
import { FailedState } from '../../parts/failed-state.tsx';
import { JsonView } from '../../parts/json/json-view.tsx';
import { LinkButton } from '../../parts/link-button.tsx';
import { LoadingRows } from '../../parts/loading-rows.tsx';
import { PageTitle } from '../../parts/page-title.tsx';
import { actionQuery } from '../../queries/actions.ts';
import { useMay } from '../../queries/session.ts';
import { texts } from '../../texts/texts.ts';
import styles from './catalogue.module.css';
import { Fields } from './fields.tsx';

const route = getRouteApi('/in/catalogue/$action');
const words = texts.catalogue;

/** One action: its names, and the record that it carries. */
export function Action() {
  const { action: name } = route.useParams();
  const { data: action, error, refetch } = useQuery(actionQuery(name));
  if (error !== null) {
    return isUnknownAction(error) ? (
      <NoSuchAction message={error.message} />
    ) : (
      <FailedState error={error} onAgain={() => void refetch()} />
    );
  }
  if (action === undefined) return <LoadingRows />;
  return (
    <>
      <PageTitle title={action.label} lead={words.carries(action.record)} back={<Back />}>
        <Steps action={action.name} />
      </PageTitle>
      <FactList>
        <ToCopy name={words.columns.name} value={action.name} />
        <ToCopy name={words.columns.value} value={String(action.value)} />
      </FactList>
      <div className={styles.columns}>
        <Section title={words.fields}>
          <Fields label={words.fields} schema={action.schema} />
        </Section>
        <div>
          <Section title={words.sample}>
            <Json label={words.sample} value={action.sample} />
          </Section>
          <Section title={words.schema}>
            <Json label={words.schema} value={action.schema} />
          </Section>
        </div>
      </div>
    </>
  );
}

/** Where one goes from here; nowhere for those who only read. */
function Steps({ action }: { readonly action: string }) {
  const mayRead = useMay('events:read');
  const mayReport = useMay('events:write');
  return (
    <div className={styles.steps}>
      {mayRead && (
        <LinkButton to="/events" search={{ action }} variant="subtle">
          {words.toEvents}
        </LinkButton>
      )}
      {mayReport && (
        <LinkButton to="/events/report" search={{ action }} variant="default">
          {words.report}
        </LinkButton>
      )}
    </div>
  );
}

function ToCopy({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <Fact name={name}>
      <code>{value}</code> <CopyButton text={value} />
    </Fact>
  );
}

function Section(props: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className={styles.section}>
      <Title order={2} size="h4" className={styles.heading}>
        {props.title}
      </Title>
      {props.children}
    </section>
  );
}

function Json({ label, value }: { readonly label: string; readonly value: object }) {
  return <JsonView text={JSON.stringify(value, null, 2)} label={label} />;
}

function Back() {
  return <Link to="/catalogue">{words.back}</Link>;
}

function NoSuchAction({ message }: { readonly message: string }) {
  return (
    <EmptyState isPage title={words.noneTitle} action={<Back />}>
      {message}
    </EmptyState>
  );
}
