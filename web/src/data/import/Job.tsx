import { Alert, Anchor, Button, Group, Stack } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { Link, useNavigate } from "react-router";
import { $api, api, data, type Schemas } from "../../api/client";
import { t } from "../../i18n";
import { notifyDone, notifyError } from "../../shared/notify";
import { ErrorState, LoadingLines } from "../../shared/states";
import { Mapping } from "./Mapping";
import { Checked, Progress } from "./Result";

/** One import: its columns until it runs, then how far it is and what became of it. */
export function Job({ id }: { id: string }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const path = { params: { path: { id } } };
  const options = $api.queryOptions("get", "/api/v1/imports/{id}", path);
  const query = $api.useQuery("get", "/api/v1/imports/{id}", path, { staleTime: 0, refetchInterval: (q) => (q.state.data?.state === "running" ? 500 : false) });
  const [busy, setBusy] = useState(false);
  const job = query.data;

  // What is imported changes every list; they are asked again when it has ended.
  const was = useRef(job?.state);
  useEffect(() => {
    if (was.current === "running" && job && job.state !== "running") {
      if (job.state === "cancelled") notifyDone(t("import.stopped"));
      void client.invalidateQueries({ predicate: (q) => q.queryKey[1] !== "/api/v1/imports/{id}" });
    }
    was.current = job?.state;
  }, [client, job]);

  async function act(change: () => Promise<Schemas["Import"] | undefined>) {
    setBusy(true);
    try {
      const answer = await change();
      if (answer) client.setQueryData(options.queryKey, answer);
      else await query.refetch();
    } catch (failure) {
      notifyError(failure);
    } finally {
      setBusy(false);
    }
  }
  const configure = (body: Schemas["ImportSettings"]) => act(() => data(api.PUT("/api/v1/imports/{id}/settings", { ...path, body })));
  const run = (dry: boolean) => act(() => data(api.POST("/api/v1/imports/{id}/run", { params: { path: { id }, query: { dry_run: dry } } })));
  const cancel = () => act(() => data(api.DELETE("/api/v1/imports/{id}/run", path)).then(() => undefined));
  const forget = () =>
    act(async () => {
      await api.DELETE("/api/v1/imports/{id}", path);
      await client.invalidateQueries({ queryKey: ["get", "/api/v1/imports"] });
      void navigate("/data/import");
      return job;
    });

  const back = (
    <Anchor component={Link} to="/data/import" size="sm">
      <Group gap={6} component="span" display="inline-flex">
        <IconArrowLeft size={16} aria-hidden /> {t("import.all")}
      </Group>
    </Anchor>
  );
  if (query.isError)
    return (
      <Stack>
        {back}
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      </Stack>
    );
  if (!job) return <LoadingLines />;
  const open = job.state === "uploaded" || job.state === "checked";
  return (
    <Stack>
      <div>{back}</div>
      {open && <Mapping job={job} busy={busy} configure={configure} run={run} forget={forget} />}
      {job.state === "checked" && <Checked job={job} />}
      {!open && <Progress job={job} busy={busy} cancel={cancel} />}
      {job.error && (
        <Alert color="red" role="alert">
          {job.error}
        </Alert>
      )}
      {!open && job.state !== "running" && (
        <Group>
          <Button component={Link} to="/data/import" variant="default">
            {t("import.again")}
          </Button>
        </Group>
      )}
    </Stack>
  );
}
