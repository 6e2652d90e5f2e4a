import { Coming } from '../../frame/coming.tsx';
import { texts } from '../../texts/texts.ts';

export function Profile() {
  return <Coming title={texts.frame.profile} />;
}
