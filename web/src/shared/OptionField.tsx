// Fields for values of a source under /options: one or several, defined or free.
import { Autocomplete, Button, Loader, MultiSelect, Select, TagsInput, type MantineSize } from "@mantine/core";
import { useState, type ClipboardEvent, type ReactNode } from "react";
import { api, data } from "../api/client";
import { t } from "../i18n";
import { notifyError } from "./notify";
import { useChosenOptions, useOptions, useUnknown, type SourceOption } from "./options";
import { pastedCells } from "./pasted";

interface CommonProps {
  source: string | null;
  /** Of the source attributes, only those of these activity types. */
  types?: string[];
  label?: ReactNode;
  "aria-label"?: string;
  className?: string;
  error?: ReactNode;
  description?: ReactNode;
  placeholder?: string;
  disabled?: boolean;
  size?: MantineSize;
  w?: number | string;
  miw?: number | string;
  style?: React.CSSProperties;
}

const everything = <T extends { options: unknown }>({ options }: T) => options as never;

// Options open by a click, an arrow key or a letter: a field that was only given
// the focus does not cover what stands below it.

/** One of the source's values. */
export function OptionSelect({ source, types, value, onChange, clearable, ...rest }: CommonProps & { value: string; onChange: (value: string) => void; clearable?: boolean }) {
  const [text, setText] = useState("");
  const chosen = useChosenOptions(source, value ? [value] : [], types);
  const name = value ? nameOf(value, chosen) : "";
  const found = useOptions(source, text === name ? "" : text, types);
  return (
    <Select
      {...rest}
      openOnFocus={false}
      data={itemsOf(found.items, value ? [value] : [], chosen)}
      value={value || null}
      onChange={(next) => onChange(next ?? "")}
      searchable
      searchValue={text}
      onSearchChange={setText}
      selectFirstOptionOnChange
      filter={everything}
      clearable={clearable}
      allowDeselect={false}
      placeholder={rest.placeholder ?? t("option.choose")}
      nothingFoundMessage={found.searching ? t("state.loading") : t("option.nothing")}
      rightSection={found.searching && text !== name ? <Loader size={14} /> : undefined}
      limit={100}
    />
  );
}

/** Several of the source's values. A column pasted from a spreadsheet becomes as many values. */
export function OptionMultiSelect({ source, types, value, onChange, ...rest }: CommonProps & { value: string[]; onChange: (value: string[]) => void }) {
  const [text, setText] = useState("");
  const chosen = useChosenOptions(source, value, types);
  const found = useOptions(source, text, types);
  async function paste(event: ClipboardEvent) {
    const list = pastedList(event);
    if (!list || source === null) return;
    event.preventDefault();
    try {
      onChange(unique([...value, ...(await codesOf(source, list, types))]));
      setText("");
    } catch (error) {
      notifyError(error);
    }
  }
  return (
    <MultiSelect
      {...rest}
      openOnFocus={false}
      data={itemsOf(found.items, value, chosen)}
      value={value}
      onChange={onChange}
      searchable
      searchValue={text}
      onSearchChange={setText}
      selectFirstOptionOnChange={text !== ""}
      onPaste={(e) => void paste(e)}
      filter={everything}
      hidePickedOptions
      clearable={value.length > 3}
      clearButtonProps={{ "aria-label": t("do.clear") }}
      placeholder={value.length === 0 ? (rest.placeholder ?? t("option.chooseSeveral")) : undefined}
      nothingFoundMessage={found.searching ? t("state.loading") : t("option.nothing")}
      limit={100}
    />
  );
}

/** A text; the source only suggests. */
export function OptionText({ source, types, value, onChange, ...rest }: CommonProps & { value: string; onChange: (value: string) => void }) {
  const found = useOptions(source, value, types);
  return (
    <Autocomplete
      {...rest}
      openOnFocus={false}
      data={unique((found.items ?? []).map((o) => o.code).filter((code) => code !== value))}
      value={value}
      onChange={onChange}
      filter={everything}
      placeholder={rest.placeholder ?? t("option.type")}
      limit={50}
    />
  );
}

/** Several texts; the source only suggests, and says of what it does not know. A column pasted from a spreadsheet becomes as many texts. */
export function OptionTags({ source, types, value, onChange, hint, ...rest }: CommonProps & { value: string[]; onChange: (value: string[]) => void; hint?: boolean }) {
  const [text, setText] = useState("");
  const [opened, setOpened] = useState(false);
  const found = useOptions(source, text, types);
  const unknown = useUnknown(hint ? source : null, value);
  return (
    <TagsInput
      {...rest}
      openOnFocus={false}
      dropdownOpened={opened}
      onDropdownOpen={() => setOpened(true)}
      onDropdownClose={() => setOpened(false)}
      onClick={() => setOpened(true)}
      data={unique((found.items ?? []).map((o) => o.code))}
      value={value}
      onChange={(list) => {
        onChange(list);
        setOpened(false);
      }}
      searchValue={text}
      onSearchChange={(typed) => {
        setText(typed);
        if (typed !== "") setOpened(true);
      }}
      onPasteCapture={(event) => {
        const list = pastedList(event);
        if (!list) return;
        // The field splits what is pasted by itself, without regard to quotation marks.
        event.preventDefault();
        event.stopPropagation();
        onChange(unique([...value, ...list]));
        setText("");
      }}
      inputWrapperOrder={["label", "input", "description", "error"]}
      description={
        unknown && (
          <>
            {t("option.unknown", { value: unknown.value })}{" "}
            {unknown.instead && (
              <Button size="compact-xs" variant="subtle" onClick={() => onChange(unique(value.map((v) => (v === unknown.value ? unknown.instead! : v))))}>
                {t("option.instead", { value: unknown.instead })}
              </Button>
            )}
          </>
        )
      }
      filter={everything}
      splitChars={["\n", "\t", ";"]}
      acceptValueOnBlur
      clearable={value.length > 3}
      clearButtonProps={{ "aria-label": t("do.clear") }}
      placeholder={value.length === 0 ? (rest.placeholder ?? t("option.typeSeveral")) : undefined}
      limit={50}
    />
  );
}

/** The values that are pasted; null when it is one text as it would be typed. */
function pastedList(event: ClipboardEvent): string[] | null {
  const text = event.clipboardData.getData("text");
  const cells = pastedCells(text);
  return cells.length > 1 || (cells.length === 1 && cells[0] !== text.trim()) ? cells : null;
}

/** Codes of pasted codes or names. What the source does not know stays as it is: the server says so. */
async function codesOf(source: string, list: string[], types?: string[]): Promise<string[]> {
  const query = { limit: 500, ...(types?.length ? { types } : {}) };
  const all = await data(api.GET("/api/v1/options/{source}", { params: { path: { source }, query } }));
  const known = new Map<string, string>();
  for (const o of all.items) known.set(o.name.toLocaleLowerCase(), o.code).set(o.code.toLocaleLowerCase(), o.code);
  return list.map((text) => known.get(text.toLocaleLowerCase()) ?? text);
}

function itemsOf(found: SourceOption[] | undefined, codes: string[], chosen: Map<string, SourceOption>) {
  const items = new Map<string, string>();
  for (const o of found ?? []) items.set(o.code, labelOf(o));
  for (const code of codes) if (!items.has(code)) items.set(code, nameOf(code, chosen));
  return [...items].map(([value, label]) => ({ value, label }));
}

const labelOf = (o: SourceOption) => o.name || o.code;

function nameOf(code: string, chosen: Map<string, SourceOption>): string {
  const option = chosen.get(code);
  return option ? labelOf(option) : code;
}

const unique = (list: string[]) => [...new Set(list)];
