import { Coming } from '../../frame/coming.tsx';
import { texts } from '../../texts/texts.ts';

export function Overview() {
  return <Coming title={texts.frame.overview} />;
}
