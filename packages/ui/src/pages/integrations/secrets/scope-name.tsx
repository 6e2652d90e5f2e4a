import type { SecretScope } from '@posthorn/sdk';
import { useQuery } from '@tanstack/react-query';
import { LocationName } from '../../../parts/location-name.tsx';
import { VisibleText } from '../../../parts/visible-text/visible-text.tsx';
import { appsQuery } from '../../../queries/apps.ts';
import { texts } from '../../../texts/texts.ts';
import { partsOf } from './rows.ts';

/** Whose secret it is, in words. */
export function ScopeName({ scope }: { readonly scope: SecretScope }) {
  const [kind, id] = partsOf(scope);
  switch (kind) {
    case 'default':
      return texts.integrations.defaultScope;
    case 'location':
      return <LocationName id={id} />;
    case 'app':
      return <AppName id={id} />;
  }
}

function AppName({ id }: { readonly id: number }) {
  const { data: apps } = useQuery(appsQuery);
  const name = apps?.find((app) => app.id === id)?.name ?? null;
  return <VisibleText text={texts.integrations.app(id, name)} />;
}
