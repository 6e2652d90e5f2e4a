import { TextInput } from '@mantine/core';

interface InstantInputProps {
  readonly label: string;
  /** As the API writes instants. */
  readonly initial: string | undefined;
  /** Undefined while a part of it is missing. */
  readonly onChange: (value: string | undefined) => void;
}

/** A date and a time in the reader's zone. */
export function InstantInput({ label, initial, onChange }: InstantInputProps) {
  return (
    <TextInput
      type="datetime-local"
      label={label}
      defaultValue={initial === undefined ? '' : localOf(initial)}
      onChange={({ currentTarget: { value } }) =>
        onChange(value === '' ? undefined : new Date(value).toISOString())
      }
    />
  );
}

/** `2026-11-03T10:42` in the reader's zone, as the browser's field wants it. */
function localOf(value: string): string {
  const instant = new Date(value);
  const local = new Date(instant.getTime() - instant.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}
