import { Anchor, Box, Button, Group, Modal, SimpleGrid, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconArrowDownLeft, IconArrowUpRight } from "@tabler/icons-react";
import { Link } from "react-router";
import { api, data, type Schemas } from "../api/client";
import { t } from "../i18n";
import { contactName } from "../shared/person";
import { ErrorState } from "../shared/states";
import classes from "./SaveDialog.module.css";
import type { ConditionJSON } from "./document/tree";

interface SaveDialogProps {
  opened: boolean;
  onClose: () => void;
  group: Schemas["Group"];
  condition: ConditionJSON;
  busy: "save" | "recalculate" | null;
  onSave: (recalculate: boolean) => void;
}

/** Says who would enter and leave before a condition is saved. */
export function SaveDialog({ opened, onClose, ...rest }: SaveDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={t("save.title")} size="lg" closeButtonProps={{ "aria-label": t("do.close") }}>
      <Save {...rest} />
    </Modal>
  );
}

function Save({ group, condition, busy, onSave }: Omit<SaveDialogProps, "opened" | "onClose">) {
  const effect = useQuery({
    queryKey: ["preview-save", group.code, JSON.stringify(condition)],
    queryFn: ({ signal }) => data(api.POST("/api/v1/conditions/preview", { body: { condition, group: group.code, time_zone: group.time_zone ?? undefined }, signal })),
    staleTime: 0,
  });
  const { enters, leaves, count } = effect.data ?? {};
  return (
    <Stack>
      <Box mih={170} aria-live="polite">
        <Text fw={580} mb="xs">
          {t("save.effect")}
        </Text>
        {effect.isPending && <Skeleton height={130} />}
        {effect.isError && <ErrorState error={effect.error} onRetry={() => void effect.refetch()} />}
        {enters && leaves && (
          <>
            <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
              <Side kind="enter" sample={enters} />
              <Side kind="leave" sample={leaves} />
            </SimpleGrid>
            <Text size="sm" c="dimmed" mt="sm">
              {enters.count + leaves.count === 0 ? t("save.nobodyMoves") : null} {t("save.members", { n: count ?? 0 })}
            </Text>
          </>
        )}
      </Box>
      <Text size="sm" c="dimmed">
        {t("save.onlyHint")}
      </Text>
      <Group justify="flex-end">
        <Button variant="default" loading={busy === "save"} disabled={busy !== null} onClick={() => onSave(false)}>
          {t("save.only")}
        </Button>
        <Button data-autofocus loading={busy === "recalculate"} disabled={busy !== null} onClick={() => onSave(true)}>
          {t("save.recalculate")}
        </Button>
      </Group>
    </Stack>
  );
}

function Side({ kind, sample }: { kind: "enter" | "leave"; sample: Schemas["Sample"] }) {
  const Sign = kind === "enter" ? IconArrowUpRight : IconArrowDownLeft;
  const shown = sample.contacts.slice(0, 4);
  return (
    <div className={classes.side} data-kind={kind}>
      <Group gap={8} wrap="nowrap">
        <Sign size={20} aria-hidden />
        <Text fw={620}>{t(`save.${kind}`, { n: sample.count })}</Text>
      </Group>
      <ul className={classes.names}>
        {shown.map((c) => (
          <li key={c.id}>
            <Anchor component={Link} to={`/contacts/${c.id}`} target="_blank" size="sm" className="break">
              {contactName(c)}
            </Anchor>
          </li>
        ))}
        {sample.count > shown.length && shown.length > 0 && (
          <li>
            <Text size="sm" c="dimmed">
              {t("save.more", { n: sample.count - shown.length })}
            </Text>
          </li>
        )}
      </ul>
    </div>
  );
}
