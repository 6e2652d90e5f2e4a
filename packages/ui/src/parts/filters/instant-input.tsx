import { TypedInput } from './typed-input.tsx';

interface InstantInputProps {
  readonly label: string;
  /** As the API writes instants. */
  readonly value: string | undefined;
  /** Undefined while a part of it is missing. */
  readonly onChange: (instant: string | undefined) => void;
}

/** A date and a time in the reader's zone. */
export function InstantInput({ label, value, onChange }: InstantInputProps) {
  return (
    <TypedInput
      type="datetime-local"
      label={label}
      value={localOf(value)}
      onTyped={(local) => onChange(instantOf(local))}
    />
  );
}

/** `2026-11-03T10:42` in the reader's zone, as the browser's field has it. */
function localOf(instant: string | undefined): string | undefined {
  if (instant === undefined) return undefined;
  const at = new Date(instant);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** Undefined as well where a browser shows plain text, and a date is half typed. */
function instantOf(local = ''): string | undefined {
  const at = new Date(local);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}
