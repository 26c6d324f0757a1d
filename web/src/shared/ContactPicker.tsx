import { Combobox, InputBase, Loader, Text, useCombobox } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconUserSearch } from "@tabler/icons-react";
import { keepPreviousData } from "@tanstack/react-query";
import { useState } from "react";
import { $api, type Schemas } from "../api/client";
import { t } from "../i18n";
import { contains } from "./options";
import { contactDetail, contactName } from "./person";

type Contact = Schemas["Contact"];

/** Finds a contact by name, email or id. */
export function ContactPicker({ label, onChoose, autoFocus }: { label: string; onChoose: (contact: Contact) => void; autoFocus?: boolean }) {
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const [text, setText] = useState("");
  const [search] = useDebouncedValue(text.trim(), 200);
  const found = $api.useQuery("get", "/api/v1/contacts", { params: { query: { search: search || undefined, limit: 12 } } }, { placeholderData: keepPreviousData });
  // Until the answer is there, those of the last one that fit are shown, as in useOptions.
  const stale = search !== text.trim() || found.isPlaceholderData;
  const contacts = (found.data?.items ?? []).filter((c) => !stale || contains(`${contactName(c)}\n${contactDetail(c)}`, text));
  return (
    <Combobox
      store={combobox}
      onOptionSubmit={(id) => {
        const contact = contacts.find((c) => c.id === id);
        if (!contact) return;
        setText(contactName(contact));
        combobox.closeDropdown();
        onChoose(contact);
      }}
    >
      <Combobox.Target>
        <InputBase
          label={label}
          placeholder={t("test.contactPlaceholder")}
          leftSection={<IconUserSearch size={17} aria-hidden />}
          rightSection={found.isFetching ? <Loader size={14} /> : undefined}
          value={text}
          data-autofocus={autoFocus || undefined}
          onFocus={(e) => {
            e.currentTarget.select();
            combobox.openDropdown();
          }}
          onClick={() => combobox.openDropdown()}
          onBlur={() => combobox.closeDropdown()}
          onChange={(e) => {
            setText(e.currentTarget.value);
            combobox.openDropdown();
            combobox.updateSelectedOptionIndex();
          }}
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options aria-label={label} mah={320} style={{ overflowY: "auto" }}>
          {contacts.map((c) => (
            <Combobox.Option key={c.id} value={c.id}>
              <Text size="sm" fw={550} truncate>
                {contactName(c)}
              </Text>
              <Text size="xs" c="dimmed" truncate>
                {contactDetail(c)}
              </Text>
            </Combobox.Option>
          ))}
          {contacts.length === 0 && <Combobox.Empty>{found.isPending || stale ? t("state.loading") : t("option.nothing")}</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
