import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { PageTitle } from '../../parts/page-title.tsx';
import { actionQuery, actionsQuery } from '../../queries/actions.ts';
import { texts } from '../../texts/texts.ts';
import { ReportForm } from './report-form.tsx';
import styles from './report-event.module.css';

const route = getRouteApi('/in/events/report');
const words = texts.reportEvent;

/** Reports an event by hand, from the sample record of its action. */
export function ReportEvent() {
  const { action = null } = route.useSearch();
  const navigate = route.useNavigate();
  const { data: actions = [] } = useQuery(actionsQuery);
  // What was typed for an action is there again when one comes back to it.
  const [drafts] = useState(() => new Map<string, string>());

  return (
    <>
      <PageTitle title={words.title} lead={words.lead} />
      <Select
        className={styles.action}
        label={words.action}
        placeholder={words.chooseAction}
        data={actions.map(({ name, label, value }) => ({
          value: name,
          label: words.option(label, value),
        }))}
        value={action}
        onChange={(name) => void navigate({ search: { action: name ?? undefined }, replace: true })}
        searchable
        nothingFoundMessage={words.noAction}
      />
      {action === null ? (
        <EmptyState title={words.beginTitle}>{words.begin}</EmptyState>
      ) : (
        <FormOf key={action} action={action} drafts={drafts} />
      )}
    </>
  );
}

function FormOf(props: { readonly action: string; readonly drafts: Map<string, string> }) {
  const query = useQuery(actionQuery(props.action));
  return (
    <Loaded query={query}>
      {(action) => <ReportForm action={action} drafts={props.drafts} />}
    </Loaded>
  );
}
