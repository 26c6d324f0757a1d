import { ActionIcon, Box, Button, Checkbox, CloseButton, Group, Paper, Popover, Skeleton, Stack, Table, Text, TextInput, UnstyledButton } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { IconArrowDown, IconArrowUp, IconChevronLeft, IconChevronRight, IconColumns3, IconSearch, IconSearchOff, IconSelector, type Icon } from "@tabler/icons-react";
import { keepPreviousData, type UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { t } from "../i18n";
import classes from "./ServerTable.module.css";
import { EmptyState, ErrorState } from "./states";
import type { ListState } from "./useListState";

export interface Column<T> {
  id: string;
  header: string;
  cell: (row: T) => ReactNode;
  /** The server's name for this order; "-" before it turns it. */
  sort?: string;
  /** Larger values are more interesting: the first click sorts them to the top. */
  sortDescendingFirst?: boolean;
  align?: "left" | "right";
  /** Hidden until the user chooses it. */
  optional?: boolean;
  /** Cannot be hidden. */
  fixed?: boolean;
  width?: number | string;
}

interface ServerTableProps<T> {
  /** Names the table; its columns are remembered under it. */
  id: string;
  /** Says what the table holds, for screen readers. */
  label: string;
  columns: Column<T>[];
  query: UseQueryResult<{ items: T[]; next: string | null }, unknown>;
  state: ListState;
  rowKey: (row: T) => string;
  /** What to show when there is nothing at all. */
  empty: { icon: Icon; title: string; text?: ReactNode; action?: ReactNode };
  searchLabel?: string;
  /** Filters and buttons beside the search field. */
  toolbar?: ReactNode;
  /** Marks rows, for example as about to be deleted. */
  hideRow?: (row: T) => boolean;
}

/** Options for the list's query, so that the old page stays until the new one is there. */
export const listOptions = { placeholderData: keepPreviousData };

/** A list that the server searches, sorts and pages. On narrow screens rows become cards. */
export function ServerTable<T>({ id, label, columns, query, state, rowKey, empty, searchLabel, toolbar, hideRow }: ServerTableProps<T>) {
  const [chosen, setChosen] = useLocalStorage<Record<string, boolean>>({ key: `muster-columns-${id}`, defaultValue: {}, getInitialValueInEffect: false });
  const shown = columns.filter((c) => c.fixed || (chosen[c.id] ?? !c.optional));
  const choosable = columns.some((c) => !c.fixed);
  const items = query.data?.items.filter((row) => !hideRow?.(row)) ?? [];
  const nothing = query.isSuccess && !query.isPlaceholderData && items.length === 0;
  const untouched = !state.isFiltered && state.page === 1;

  return (
    <Stack gap="sm">
      {!(nothing && untouched && state.typed === "") && (searchLabel || toolbar || choosable) && (
        <Group gap="xs" align="flex-end">
          {searchLabel && (
            <TextInput
              className={classes.search}
              aria-label={searchLabel}
              placeholder={searchLabel}
              leftSection={<IconSearch size={17} aria-hidden />}
              rightSection={state.typed && <CloseButton size="sm" aria-label={t("do.clear")} onClick={() => state.setTyped("")} />}
              value={state.typed}
              onChange={(e) => state.setTyped(e.currentTarget.value)}
              type="search"
            />
          )}
          {toolbar}
          {choosable && (
            <Box ml="auto">
              <ColumnChooser columns={columns} shown={shown} choose={(column, on) => setChosen({ ...chosen, [column]: on })} />
            </Box>
          )}
        </Group>
      )}
      <Paper withBorder className={classes.paper}>
        {query.isError && !query.data ? (
          <ErrorState error={query.error} onRetry={() => void query.refetch()} />
        ) : nothing ? (
          untouched ? (
            <EmptyState {...empty} />
          ) : (
            <EmptyState
              icon={IconSearchOff}
              title={t("state.noMatch")}
              text={t("state.noMatchText")}
              action={
                <Button variant="default" onClick={state.clear}>
                  {t("state.clearFilters")}
                </Button>
              }
            />
          )
        ) : (
          <div className={classes.scroll} data-stale={query.isPlaceholderData || undefined} tabIndex={-1}>
            <Table className={classes.table} aria-label={label} aria-busy={query.isFetching} highlightOnHover>
              <Table.Thead>
                <Table.Tr>
                  {shown.map((c) => (
                    <HeaderCell key={c.id} column={c} state={state} />
                  ))}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {query.data
                  ? items.map((row) => (
                      <Table.Tr key={rowKey(row)}>
                        {shown.map((c) => (
                          <Table.Td key={c.id} data-label={c.header || undefined} data-column={c.id} ta={c.align}>
                            {c.cell(row)}
                          </Table.Td>
                        ))}
                      </Table.Tr>
                    ))
                  : Array.from({ length: 8 }, (_, i) => (
                      <Table.Tr key={i} aria-hidden>
                        {shown.map((c) => (
                          <Table.Td key={c.id}>
                            <Skeleton height={14} my={4} width={`${80 - ((i * 23) % 40)}%`} />
                          </Table.Td>
                        ))}
                      </Table.Tr>
                    ))}
              </Table.Tbody>
            </Table>
          </div>
        )}
      </Paper>
      {(state.page > 1 || query.data?.next) && (
        <Group justify="flex-end" gap="xs" component="nav" aria-label={t("table.page", { page: state.page })}>
          <Text size="sm" c="dimmed">
            {t("table.page", { page: state.page })}
          </Text>
          <ActionIcon variant="default" size="lg" aria-label={t("do.previous")} disabled={state.page === 1} onClick={state.toPrevious}>
            <IconChevronLeft size={18} />
          </ActionIcon>
          <ActionIcon variant="default" size="lg" aria-label={t("do.next")} disabled={!query.data?.next || query.isPlaceholderData} onClick={() => state.toNext(query.data!.next!)}>
            <IconChevronRight size={18} />
          </ActionIcon>
        </Group>
      )}
    </Stack>
  );
}

function HeaderCell<T>({ column: c, state }: { column: Column<T>; state: ListState }) {
  if (!c.sort)
    return (
      <Table.Th ta={c.align} w={c.width} data-column={c.id}>
        {c.header}
      </Table.Th>
    );
  const up = state.sort === c.sort;
  const down = state.sort === `-${c.sort}`;
  const next = up ? `-${c.sort}` : down ? c.sort : c.sortDescendingFirst ? `-${c.sort}` : c.sort;
  const Arrow = up ? IconArrowUp : down ? IconArrowDown : IconSelector;
  return (
    <Table.Th ta={c.align} w={c.width} data-column={c.id} aria-sort={up ? "ascending" : down ? "descending" : "none"}>
      <UnstyledButton className={classes.sort} data-active={up || down || undefined} onClick={() => state.setSort(next)} title={t("table.sortBy", { column: c.header })}>
        {c.header}
        <Arrow size={14} aria-hidden />
      </UnstyledButton>
    </Table.Th>
  );
}

function ColumnChooser<T>({ columns, shown, choose }: { columns: Column<T>[]; shown: Column<T>[]; choose: (id: string, on: boolean) => void }) {
  return (
    <Popover position="bottom-end" trapFocus withRoles={false}>
      <Popover.Target>
        <Button variant="default" leftSection={<IconColumns3 size={17} aria-hidden />} aria-haspopup="true">
          {t("table.columns")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs" role="group" aria-label={t("table.columnsLabel")} mah={360} style={{ overflowY: "auto" }} p={4}>
          {columns
            .filter((c) => !c.fixed)
            .map((c) => (
              <Checkbox key={c.id} label={c.header} checked={shown.includes(c)} onChange={(e) => choose(c.id, e.currentTarget.checked)} />
            ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
