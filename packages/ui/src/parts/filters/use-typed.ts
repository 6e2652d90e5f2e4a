import { useEffect, useEffectEvent, useRef, useState } from 'react';

/** A pause in typing that means: that is the word. */
const PAUSE_MS = 250;

/**
 * What is typed into a search whose value is kept elsewhere: told there after a pause, so that not
 * every letter is asked for. When it changes there (filters cleared, another page), it changes here.
 */
export function useTyped(
  kept: string,
  onTyped: (text: string) => void,
): readonly [text: string, type: (text: string) => void] {
  const [text, setText] = useState(kept);
  const told = useRef(kept);
  const tell = useEffectEvent(onTyped);

  useEffect(() => {
    if (kept === told.current) return;
    told.current = kept;
    setText(kept);
  }, [kept]);

  useEffect(() => {
    if (text === told.current) return undefined;
    const timer = setTimeout(() => {
      told.current = text;
      tell(text);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);

  return [text, setText];
}
