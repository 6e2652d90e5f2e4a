import { Table, Text } from '@mantine/core';
import { Link, useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { texts } from '../../texts/texts.ts';
import styles from './catalogue.module.css';
import { fieldsOf } from './fields-of.ts';

const words = texts.catalogue;

interface FieldsProps {
  readonly label: string;
  /** Of a record. */
  readonly schema: Readonly<Record<string, unknown>>;
}

/** The fields of a record; each can be linked to. */
export function Fields({ label, schema }: FieldsProps) {
  const meant = useLocation({ select: ({ hash }) => hash });
  const row = useRef<HTMLTableRowElement>(null);
  // The browser looked for it when there was no table yet.
  useEffect(() => row.current?.scrollIntoView({ block: 'center' }), []);
  return (
    <Table className={styles.fields} aria-label={label}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{words.field}</Table.Th>
          <Table.Th scope="col">{words.type}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {fieldsOf(schema).map(({ name, types, format, isOptional, description }) => (
          <Table.Tr
            key={name}
            id={name}
            ref={name === meant ? row : null}
            data-meant={name === meant || undefined}
          >
            <Table.Td>
              <Link to="." hash={name} replace hashScrollIntoView={false} className={styles.field}>
                {name}
              </Link>
            </Table.Td>
            <Table.Td>
              {words.types(types, format)}
              {isOptional && (
                <Text span size="sm" c="dimmed">
                  , {words.optional}
                </Text>
              )}
              {description !== undefined && (
                <Text size="sm" c="dimmed">
                  {description}
                </Text>
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
