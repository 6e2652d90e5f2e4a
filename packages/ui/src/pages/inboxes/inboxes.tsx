import { Coming } from '../../frame/coming.tsx';
import { texts } from '../../texts/texts.ts';

export function Inboxes() {
  return <Coming title={texts.frame.inboxes} />;
}
