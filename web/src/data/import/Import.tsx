import { Alert, Anchor, Badge, Button, Card, FileButton, Group, SegmentedControl, Stack, Text, Title } from "@mantine/core";
import { IconFileSpreadsheet, IconLock, IconUpload } from "@tabler/icons-react";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { $api, api, data, type Schemas } from "../../api/client";
import { useMay } from "../../app/session";
import { t } from "../../i18n";
import { EmptyState, sayError } from "../../shared/states";
import { Time } from "../../shared/Time";
import classes from "./import.module.css";
import { Job } from "./Job";
import type { What } from "./targets";

/** Contacts or activities from a file. The server reads it, so an import goes on when the page is closed. */
export default function Import({ id }: { id: string }) {
  const editor = useMay("editor");
  if (!editor) return <EmptyState icon={IconLock} title={t("import.forbidden")} />;
  return id ? <Job key={id} id={id} /> : <Start />;
}

function Start() {
  const navigate = useNavigate();
  const [what, setWhat] = useState<What>("contacts");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  async function upload(file: File | null | undefined) {
    if (!file || busy) return;
    setBusy(true);
    setError(null);
    try {
      const made = await data(
        api.POST("/api/v1/imports", {
          params: { query: { kind: what, name: file.name } },
          body: file as never,
          bodySerializer: (body: unknown) => body as Blob,
          headers: { "Content-Type": "application/octet-stream" },
        }),
      );
      void navigate(`/data/import/${made!.id}`);
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  }

  return (
    <Stack>
      <Text c="dimmed">{t("import.text")}</Text>
      <div>
        <Text size="sm" fw={550} mb={4} id="import-what">
          {t("import.what")}
        </Text>
        <SegmentedControl
          aria-labelledby="import-what"
          disabled={busy}
          value={what}
          onChange={(v) => setWhat(v as What)}
          data={[
            { value: "contacts", label: t("import.contacts") },
            { value: "activities", label: t("import.activities") },
          ]}
        />
      </div>
      <Drop busy={busy} onFile={(file) => void upload(file)} />
      {error !== null && (
        <Alert color="red" role="alert">
          {sayError(error).text}
        </Alert>
      )}
      <Recent />
    </Stack>
  );
}

function Drop({ busy, onFile }: { busy: boolean; onFile: (file: File | null | undefined) => void }) {
  const [over, setOver] = useState(false);
  return (
    <div
      className={classes.drop}
      data-over={over || undefined}
      role="group"
      aria-label={t("import.file")}
      onDragOver={(e) => {
        e.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(e) => {
        e.preventDefault();
        setOver(false);
        onFile(e.dataTransfer.files[0]);
      }}
    >
      <IconFileSpreadsheet size={40} stroke={1.4} aria-hidden />
      <FileButton accept=".csv,.tsv,.txt,.ndjson,.jsonl,text/csv" onChange={onFile} inputProps={{ "aria-label": t("import.file") }}>
        {(props) => (
          <Button {...props} loading={busy} leftSection={<IconUpload size={18} aria-hidden />}>
            {t("import.choose")}
          </Button>
        )}
      </FileButton>
      <Text c="dimmed">{t("import.drop")}</Text>
    </div>
  );
}

/** What was imported since the server was started. */
function Recent() {
  const imports = $api.useQuery("get", "/api/v1/imports", {}, { staleTime: 0, refetchInterval: (q) => (q.state.data?.items?.some((i) => i.state === "running") ? 2000 : false) });
  const items = imports.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <Card>
      <Title order={2} size="h3" mb="xs">
        {t("import.recent")}
      </Title>
      <ul className={classes.recent} aria-label={t("import.recent")}>
        {items.map((i) => (
          <li key={i.id}>
            <div style={{ minWidth: 0 }}>
              <Anchor component={Link} to={`/data/import/${i.id}`} fw={560} className="break">
                {i.name}
              </Anchor>
              <Text size="sm" c="dimmed">
                {t(`import.${i.kind}`)} · <Time at={i.created_at} />
              </Text>
            </div>
            <Group gap="xs">
              {i.progress.rows > 0 && (
                <Text size="sm" c="dimmed" className="numbers">
                  {t("import.rows", { n: i.progress.rows })}
                </Text>
              )}
              <StateBadge state={i.state} />
            </Group>
          </li>
        ))}
      </ul>
    </Card>
  );
}

const colors = { uploaded: "gray", running: "spruce", checked: "gray", finished: "spruce", cancelled: "amber", failed: "red" } as const;

function StateBadge({ state }: { state: Schemas["Import"]["state"] }) {
  return <Badge color={colors[state]}>{t(`import.state.${state}`)}</Badge>;
}
