import { LinkButton } from '../parts/link-button.tsx';
import { texts } from '../texts/texts.ts';
import { Door } from './door.tsx';

export function NotFound() {
  return (
    <Door title={texts.frame.notFoundTitle} lead={texts.frame.notFound}>
      <LinkButton to="/">{texts.frame.toOverview}</LinkButton>
    </Door>
  );
}
