import { Box, Button, Modal, Stack, Text, TextInput, Title, UnstyledButton } from "@mantine/core";
import { IconSearch, IconSearchOff } from "@tabler/icons-react";
import { useState } from "react";
import { t } from "../i18n";
import { EmptyState } from "../shared/states";
import classes from "./builder.module.css";
import { findTypes, useCatalog, type TypeInfo } from "./catalog";
import type { ParamValues } from "./document/tree";
import { useFoundValues } from "./useFoundValues";

type OnChoose = (type: TypeInfo, params?: ParamValues) => void;

/** Finds a condition type by words, by category or by a value that it may ask for: headings and plain buttons. */
export function FindDialog({ opened, onClose, onChoose }: { opened: boolean; onClose: () => void; onChoose: OnChoose }) {
  return (
    <Modal opened={opened} onClose={onClose} title={t("builder.find")} size="xl" closeButtonProps={{ "aria-label": t("do.close") }} yOffset="6vh" centered={false}>
      <Find onChoose={onChoose} />
    </Modal>
  );
}

function Find({ onChoose }: { onChoose: OnChoose }) {
  const { data: catalog } = useCatalog();
  const [text, setText] = useState("");
  const [category, setCategory] = useState<string | null>(null);
  const all = catalog?.types ?? [];
  const found = findTypes(all, text).filter((type) => !category || type.category === category);
  const values = useFoundValues(all, category ? "" : text);
  const categories = (catalog?.categories ?? []).filter((c) => found.some((type) => type.category === c));

  return (
    <div className={classes.find}>
      <Stack gap="sm">
        <form
          onSubmit={(e) => {
            e.preventDefault();
            const value = values.found[0];
            if (text && found[0]) onChoose(found[0]);
            else if (text && value) onChoose(value.type, value.params);
          }}
        >
          <TextInput
            data-autofocus
            size="md"
            type="search"
            label={t("builder.findLabel")}
            placeholder={t("builder.findPlaceholder")}
            leftSection={<IconSearch size={18} aria-hidden />}
            value={text}
            onChange={(e) => setText(e.currentTarget.value)}
          />
        </form>
        <div className={classes.categories}>
          {[null, ...(catalog?.categories ?? [])].map((c) => (
            <Button key={c ?? ""} size="compact-sm" variant={category === c ? "filled" : "default"} aria-pressed={category === c} onClick={() => setCategory(c)}>
              {c ?? t("builder.findAll")}
            </Button>
          ))}
        </div>
        <Box className={classes.hidden} role="status">
          {text && !values.searching && t("builder.found", { n: found.length + values.found.length })}
        </Box>
      </Stack>
      <Box mih={320} aria-busy={values.searching}>
        {values.searching && found.length === 0 && (
          <Text c="dimmed" size="sm">
            {t("state.loading")}
          </Text>
        )}
        {found.length === 0 && !values.searching && values.found.length === 0 && <EmptyState icon={IconSearchOff} title={t("builder.findNothing")} text={t("builder.findNothingText")} />}
        <Stack gap="lg">
          {categories.map((c) => (
            <section key={c} aria-label={c}>
              <Title order={3} size="sm" c="dimmed" mb={8}>
                {c}
              </Title>
              <ul className={classes.found}>
                {found
                  .filter((type) => type.category === c)
                  .map((type) => (
                    <Offer key={type.type} type={type} name={type.label} onChoose={() => onChoose(type)} />
                  ))}
              </ul>
            </section>
          ))}
          {values.found.length > 0 && (
            <section aria-label={t("builder.findValues")}>
              <Title order={3} size="sm" c="dimmed" mb={8}>
                {t("builder.findValues")}
              </Title>
              <ul className={classes.found}>
                {values.found.map(({ type, name, params }) => (
                  <Offer key={`${type.type} ${JSON.stringify(params)}`} type={type} name={`${type.label}: ${name}`} onChoose={() => onChoose(type, params)} />
                ))}
              </ul>
            </section>
          )}
        </Stack>
      </Box>
    </div>
  );
}

function Offer({ type, name, onChoose }: { type: TypeInfo; name: string; onChoose: () => void }) {
  return (
    <li>
      <UnstyledButton className={classes.type} onClick={onChoose} data-type={type.type}>
        <Text component="span" fw={580} className="break">
          {name}
        </Text>
        <small>{outline(type.sentence)}</small>
      </UnstyledButton>
    </li>
  );
}

/** A sentence's template as words: "Contact has visited …". */
function outline(sentence: string): string {
  return sentence
    .replace(/\[([^|\]]*)\|[^\]]*\]/g, "$1")
    .replace(/(\s*\{\w+\})+/g, " …")
    .trim();
}
