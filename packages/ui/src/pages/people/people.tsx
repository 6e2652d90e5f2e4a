import { Coming } from '../../frame/coming.tsx';
import { texts } from '../../texts/texts.ts';

export function People() {
  return <Coming title={texts.frame.people} />;
}
