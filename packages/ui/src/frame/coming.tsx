import { EmptyState } from '../parts/empty-state.tsx';
import { PageTitle } from '../parts/page-title.tsx';
import { texts } from '../texts/texts.ts';

/** Stands for a page that is being built. */
export function Coming({ title }: { readonly title: string }) {
  return (
    <>
      <PageTitle title={title} />
      <EmptyState title={texts.frame.comingTitle}>{texts.frame.coming}</EmptyState>
    </>
  );
}
