import { ActionIcon, TextInput } from '@mantine/core';
import { IconArrowRight } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { type SubmitEvent, useState } from 'react';
import { texts } from '../../texts/texts.ts';
import styles from './events.module.css';

const words = texts.events;

/** Goes to the event with an id, such as one from a log. */
export function FindById() {
  const [id, setId] = useState('');
  const navigate = useNavigate();
  const find = (submission: SubmitEvent) => {
    submission.preventDefault();
    const event = id.trim();
    if (event !== '') void navigate({ to: '/events/$event', params: { event } });
  };
  return (
    <form onSubmit={find} className={styles.find}>
      <TextInput
        aria-label={words.findById}
        placeholder={words.findByIdHint}
        value={id}
        onChange={({ currentTarget: { value } }) => setId(value)}
        maxLength={100}
        autoComplete="off"
        spellCheck={false}
        rightSection={
          <ActionIcon type="submit" variant="subtle" aria-label={words.find}>
            <IconArrowRight size={16} />
          </ActionIcon>
        }
      />
    </form>
  );
}
