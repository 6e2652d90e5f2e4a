import { Coming } from '../../frame/coming.tsx';
import { texts } from '../../texts/texts.ts';

export function Events() {
  return <Coming title={texts.frame.events} />;
}
