import { UnstyledButton } from '@mantine/core';
import { texts } from '../../texts/texts.ts';
import styles from './live-switch.module.css';

const words = texts.deliveries;

interface LiveSwitchProps {
  readonly isPaused: boolean;
  readonly isConnected: boolean;
  readonly onChange: (isPaused: boolean) => void;
}

/** Whether the list follows what happens; a press stops it, so that it can be read in peace. */
export function LiveSwitch({ isPaused, isConnected, onChange }: LiveSwitchProps) {
  const state = isPaused ? 'paused' : isConnected ? 'live' : 'connecting';
  return (
    <UnstyledButton
      className={styles.switch}
      data-state={state}
      aria-pressed={!isPaused}
      onClick={() => onChange(!isPaused)}
    >
      {words[state]}
    </UnstyledButton>
  );
}
