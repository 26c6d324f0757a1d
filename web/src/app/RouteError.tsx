import { Button } from "@mantine/core";
import { useRouteError } from "react-router";
import { t } from "../i18n";
import { ErrorState } from "../shared/states";

/** What is shown where a screen failed, also when its chunk is of an older version. */
export function RouteError() {
  const error = useRouteError();
  const outdated = error instanceof TypeError && /import|module/i.test(error.message);
  return (
    <ErrorState
      error={error}
      title={t("error.screen")}
      text={outdated ? t("error.newVersion") : undefined}
      action={
        <Button variant="default" onClick={() => location.reload()}>
          {t("error.reload")}
        </Button>
      }
    />
  );
}
