import { Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { FailedState } from '../../parts/failed-state.tsx';
import { JsonView } from '../../parts/json/json-view.tsx';
import { PageTitle } from '../../parts/page-title.tsx';
import { actionQuery } from '../../queries/actions.ts';
import { texts } from '../../texts/texts.ts';
import styles from './catalogue.module.css';

const route = getRouteApi('/in/catalogue/$action');
const words = texts.catalogue;

/** One action: its names, and the record that it carries. */
export function Action() {
  const { action: name } = route.useParams();
  const { data: action, error, refetch } = useQuery(actionQuery(name));
  if (error !== null) return <FailedState error={error} onAgain={() => void refetch()} />;
  if (action === undefined) return null;
  return (
    <>
      <PageTitle title={action.label} lead={words.facts(action.name, action.value)}>
        <Link to="/catalogue" className={styles.action}>
          {words.back}
        </Link>
      </PageTitle>
      <div className={styles.columns}>
        <Json title={words.sample} value={action.sample} />
        <Json title={words.schema} value={action.schema} />
      </div>
    </>
  );
}

function Json({ title, value }: { readonly title: string; readonly value: object }) {
  return (
    <div>
      <Title order={2} size="h4" className={styles.heading}>
        {title}
      </Title>
      <JsonView text={JSON.stringify(value, null, 2)} label={title} />
    </div>
  );
}
