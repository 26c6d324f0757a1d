import { Button } from "@mantine/core";
import { useEffect, useState } from "react";
import { useRouteError } from "react-router";
import { OfflineError } from "../api/error";
import { t } from "../i18n";
import { ErrorState } from "../shared/states";
import { useOnline } from "../shared/useOnline";

/** What is shown where a screen failed, also when its chunk is of an older version or out of reach. */
export function RouteError() {
  const error = useRouteError();
  const online = useOnline();
  const unfetched = error instanceof Error && /imported module|importing a module|unable to preload/i.test(error.message);
  // Loading again while offline would give up the whole page for the browser's own.
  const [cutOff] = useState(unfetched && !online);
  useEffect(() => {
    if (cutOff && online) location.reload();
  }, [cutOff, online]);
  if (cutOff) return <ErrorState error={new OfflineError()} text={t("error.screenOffline")} />;
  return (
    <ErrorState
      error={error}
      title={t("error.screen")}
      text={unfetched ? t("error.unfetched") : undefined}
      action={
        <Button variant="default" onClick={() => location.reload()}>
          {t("error.reload")}
        </Button>
      }
    />
  );
}
