import { Button, Text } from '@mantine/core';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import { texts } from '../texts/texts.ts';
import styles from './data-table.module.css';

export interface Column<Row> {
  readonly key: string;
  readonly header: ReactNode;
  readonly cell: (row: Row) => ReactNode;
  /** As in CSS: `12rem`, `30%`. Not given: a share of what is left. */
  readonly width?: string;
  /** Leaves the column out on screens that are narrower than this. */
  readonly from?: 'tablet' | 'desktop';
}

/** As `useInfiniteQuery` has it. */
interface More {
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly fetchNextPage: () => unknown;
}

export interface DataTableProps<Row> {
  /** What the table holds, for those who hear the page. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string | number;
  /** Reads the next page of the list; null: these are all. */
  readonly more: More | null;
}

/** What a row takes before it was measured, in pixels. */
const ROW_HEIGHT = 57;
/** Rows beyond the edge of the window, so that scrolling shows no gaps. */
const OVERSCAN = 12;

/** A list of any length: only the rows in the window are in the page; more are read on request. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, columns, rows, rowKey, more } = props;
  const hasMore = more?.hasNextPage === true;
  const table = useRef<HTMLTableElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const measure = () => {
      const box = table.current?.getBoundingClientRect();
      if (box !== undefined) setTop(Math.round(box.top + globalThis.scrollY));
    };
    measure();
    // What stands above the table may grow: a panel that was read, filters that wrap.
    const watching = new ResizeObserver(measure);
    watching.observe(document.body);
    return () => watching.disconnect();
  }, []);
  // oxlint-disable-next-line incompatible-library -- it means a compiler that is not used here
  const virtualizer = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
    scrollMargin: top,
    getItemKey: (index) => rowKey(rows[index]!),
  });
  const items = virtualizer.getVirtualItems();
  const above = (items[0]?.start ?? top) - top;
  const below = virtualizer.getTotalSize() - ((items.at(-1)?.end ?? top) - top);

  return (
    <>
      <table
        ref={table}
        className={styles.table}
        aria-label={label}
        aria-rowcount={rows.length + 1}
      >
        <thead>
          <tr aria-rowindex={1}>
            {columns.map(({ key, header, width, from }) => (
              <th key={key} scope="col" data-from={from} style={{ width }}>
                {header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Gap height={above} />
          {items.map(({ index, key }) => (
            <tr
              key={key}
              ref={virtualizer.measureElement}
              data-index={index}
              aria-rowindex={index + 2}
            >
              {columns.map((column) => (
                <td key={column.key} data-from={column.from}>
                  {column.cell(rows[index]!)}
                </td>
              ))}
            </tr>
          ))}
          <Gap height={below} />
        </tbody>
      </table>
      <div className={styles.foot}>
        <Text size="sm" c="dimmed" role="status">
          {hasMore ? texts.parts.loaded(rows.length) : texts.parts.loadedAll(rows.length)}
        </Text>
        {hasMore && (
          <Button
            variant="default"
            loading={more.isFetchingNextPage}
            onClick={() => void more.fetchNextPage()}
          >
            {texts.parts.more}
          </Button>
        )}
      </div>
    </>
  );
}

/**
 * Stands for the rows that are not in the page. It is one cell: one that spanned columns which a
 * narrow screen leaves out would take their width from the others.
 */
function Gap({ height }: { readonly height: number }) {
  if (height <= 0) return null;
  return (
    <tr aria-hidden="true">
      <td className={styles.gap} style={{ height }} />
    </tr>
  );
}
