import { TextInput } from '@mantine/core';
import type { Action } from '@posthorn/sdk';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { findActions } from '../../parts/actions/group-actions.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { PageTitle } from '../../parts/page-title.tsx';
import { actionsQuery } from '../../queries/actions.ts';
import { texts } from '../../texts/texts.ts';
import styles from './catalogue.module.css';

const route = getRouteApi('/in/catalogue');
const words = texts.catalogue;

const COLUMNS: readonly Column<Action>[] = [
  {
    key: 'label',
    header: words.columns.label,
    cell: ({ label, name }) => (
      <Link to="/catalogue/$action" params={{ action: name }}>
        {label}
      </Link>
    ),
  },
  { key: 'name', header: words.columns.name, from: 'tablet', cell: ({ name }) => name },
  { key: 'record', header: words.columns.record, cell: ({ record }) => record },
  { key: 'value', header: words.columns.value, width: '6rem', cell: ({ value }) => value },
];

/** Every action that there is. */
export function Catalogue() {
  const { q = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery(actionsQuery);

  return (
    <>
      <PageTitle title={words.title} lead={words.lead} />
      <TextInput
        className={styles.search}
        type="search"
        label={words.search}
        placeholder={words.searchHint}
        value={q}
        onChange={({ currentTarget: { value } }) =>
          void navigate({ search: { q: value === '' ? undefined : value }, replace: true })
        }
      />
      <Loaded query={query}>
        {(actions) => <Found actions={findActions(actions, q)} q={q} />}
      </Loaded>
    </>
  );
}

function Found({ actions, q }: { readonly actions: readonly Action[]; readonly q: string }) {
  if (actions.length === 0) {
    return <EmptyState title={words.nothingFitsTitle}>{words.nothingFits(q)}</EmptyState>;
  }
  return (
    <DataTable
      label={words.title}
      columns={COLUMNS}
      rows={actions}
      rowKey={({ value }) => value}
      more={null}
    />
  );
}
