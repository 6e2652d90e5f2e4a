import { Button, Checkbox, Radio, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { FailedState } from '../../parts/failed-state.tsx';
import { type ActionGroup, groupActions } from '../../parts/actions/group-actions.ts';
import { actionsQuery } from '../../queries/actions.ts';
import { texts } from '../../texts/texts.ts';
import styles from './action-choice.module.css';

const words = texts.webhookEdit.actions;

interface ActionChoiceProps {
  readonly isEvery: boolean;
  readonly onEvery: (isEvery: boolean) => void;
  /** Names. */
  readonly chosen: readonly string[];
  readonly onChoose: (actions: readonly string[]) => void;
  readonly error: ReactNode;
}

/** Every action, or those that a person chooses from the catalogue. */
export function ActionChoice({ isEvery, onEvery, chosen, onChoose, error }: ActionChoiceProps) {
  return (
    <div className={styles.choice}>
      <Radio.Group
        aria-label={words.list}
        value={isEvery ? 'every' : 'some'}
        onChange={(value) => onEvery(value === 'every')}
      >
        <Stack gap="xs">
          <Radio value="some" label={words.some} />
          <Radio value="every" label={words.all} description={words.allHint} />
        </Stack>
      </Radio.Group>
      {!isEvery && <Catalogue chosen={chosen} onChoose={onChoose} />}
      <div role="alert" className={styles.error}>
        {error}
      </div>
    </div>
  );
}

type CatalogueProps = Pick<ActionChoiceProps, 'chosen' | 'onChoose'>;

function Catalogue({ chosen, onChoose }: CatalogueProps) {
  const { data: actions = [], error, refetch } = useQuery(actionsQuery);
  const [search, setSearch] = useState('');
  const groups = groupActions(actions, search);
  const set = (names: readonly string[], isChosen: boolean) =>
    onChoose(
      isChosen
        ? [...new Set([...chosen, ...names])]
        : chosen.filter((name) => !names.includes(name)),
    );
  if (error !== null) return <FailedState error={error} onAgain={() => void refetch()} />;
  return (
    <>
      <TextInput
        type="search"
        label={words.search}
        placeholder={words.searchHint}
        value={search}
        onChange={({ currentTarget: { value } }) => setSearch(value)}
      />
      <div role="group" aria-label={words.list} className={styles.list}>
        {groups.map((group) => (
          <Group key={group.record} group={group} chosen={chosen} onSet={set} />
        ))}
        {groups.length === 0 && actions.length > 0 && (
          <p className={styles.nothing}>{words.nothingFits(search)}</p>
        )}
      </div>
      <div className={styles.foot}>
        <span role="status">{search.trim() === '' ? chosenIn(chosen) : foundIn(groups)}</span>
        {chosen.length > 0 && (
          <Button variant="subtle" size="compact-sm" onClick={() => onChoose([])}>
            {words.clear}
          </Button>
        )}
      </div>
    </>
  );
}

interface GroupProps {
  readonly group: ActionGroup;
  readonly chosen: readonly string[];
  readonly onSet: (names: readonly string[], isChosen: boolean) => void;
}

function Group({ group: { record, actions }, chosen, onSet }: GroupProps) {
  const names = actions.map(({ name }) => name);
  const chosenHere = names.filter((name) => chosen.includes(name)).length;
  return (
    <fieldset className={styles.group}>
      <legend className="unseen">{record}</legend>
      <Checkbox
        label={words.group(record, chosenHere, names.length)}
        aria-label={words.wholeGroup(record)}
        fw={600}
        checked={chosenHere === names.length}
        indeterminate={chosenHere > 0 && chosenHere < names.length}
        onChange={({ currentTarget: { checked } }) => onSet(names, checked)}
      />
      <div className={styles.actions}>
        {actions.map(({ name, label }) => (
          <Checkbox
            key={name}
            size="sm"
            label={label}
            checked={chosen.includes(name)}
            onChange={({ currentTarget: { checked } }) => onSet([name], checked)}
          />
        ))}
      </div>
    </fieldset>
  );
}

function chosenIn(chosen: readonly string[]): string {
  return chosen.length === 0 ? words.none : words.chosen(chosen.length);
}

/** "10 actions of Coworker Invoice, and 3 others" when one record is what was searched for. */
function foundIn(groups: readonly ActionGroup[]): string {
  const all = groups.reduce((sum, { actions }) => sum + actions.length, 0);
  const [first, second] = groups;
  if (first?.isNamed !== true || second?.isNamed === true) return words.found(all);
  return words.foundOf(first.actions.length, first.record, all - first.actions.length);
}
