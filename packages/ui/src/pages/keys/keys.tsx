import { Coming } from '../../frame/coming.tsx';
import { texts } from '../../texts/texts.ts';

export function Keys() {
  return <Coming title={texts.frame.keys} />;
}
