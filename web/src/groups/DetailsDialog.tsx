import { Alert, Button, Group, Modal, Select, Stack, Switch, Textarea, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { api, data } from "../api/client";
import { ApiError } from "../api/error";
import { t } from "../i18n";
import { notifyDone } from "../shared/notify";
import { sayError } from "../shared/states";
import { useGroupChanged, type Group as ContactGroup } from "./api";

/** Everything about a group but its condition. */
export function DetailsDialog({ opened, onClose, group }: { opened: boolean; onClose: () => void; group: ContactGroup }) {
  return (
    <Modal opened={opened} onClose={onClose} title={t("group.edit")} size="lg" closeButtonProps={{ "aria-label": t("do.close") }}>
      <Details group={group} onClose={onClose} />
    </Modal>
  );
}

function Details({ group, onClose }: { group: ContactGroup; onClose: () => void }) {
  const changed = useGroupChanged();
  const [name, setName] = useState(group.name);
  const [description, setDescription] = useState(group.description);
  const [schedule, setSchedule] = useState(group.schedule_recalculation);
  const [zone, setZone] = useState(group.time_zone ?? "");
  const [websites, setWebsites] = useState(group.shown_to_websites);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const at = (place: string) => (error instanceof ApiError ? error.at(place) : undefined);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const body = { name, description, schedule_recalculation: schedule, shown_to_websites: websites, ...(zone === (group.time_zone ?? "") ? {} : { time_zone: zone }) };
      changed(await data(api.PATCH("/api/v1/groups/{code}", { params: { path: { code: group.code } }, body })));
      notifyDone(t("group.settingsSaved"));
      onClose();
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  }

  return (
    <form onSubmit={(e) => void submit(e)} noValidate>
      <Stack>
        {error !== null && (
          <Alert color="red" role="alert">
            {sayError(error).text}
          </Alert>
        )}
        <TextInput label={t("groups.nameLabel")} value={name} error={at("/name")} onChange={(e) => setName(e.currentTarget.value)} maxLength={200} data-autofocus />
        <Textarea label={t("groups.description")} autosize minRows={2} value={description} error={at("/description")} onChange={(e) => setDescription(e.currentTarget.value)} maxLength={2000} />
        <Select
          label={t("group.timeZone")}
          description={t("group.timeZoneHint")}
          searchable
          limit={80}
          data={[{ value: "", label: t("group.projectZone") }, ...Intl.supportedValuesOf("timeZone").map((z) => ({ value: z, label: z }))]}
          value={zone}
          error={at("/time_zone")}
          allowDeselect={false}
          onChange={(z) => setZone(z ?? "")}
        />
        <Switch label={t("group.schedule")} description={t("group.scheduleHint")} checked={schedule} onChange={(e) => setSchedule(e.currentTarget.checked)} />
        <Switch label={t("group.website")} description={t("group.websiteHint")} checked={websites} onChange={(e) => setWebsites(e.currentTarget.checked)} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("do.cancel")}
          </Button>
          <Button type="submit" loading={busy} disabled={name.trim() === ""}>
            {t("do.save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
