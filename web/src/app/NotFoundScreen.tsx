import { IconMapOff } from "@tabler/icons-react";
import { t } from "../i18n";
import { Page } from "../shared/Page";
import { EmptyState } from "../shared/states";

export function Component() {
  return (
    <Page title={t("error.notFound")}>
      <EmptyState icon={IconMapOff} title={t("error.notFound")} text={t("error.notFoundText")} />
    </Page>
  );
}
