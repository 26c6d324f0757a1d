import { t } from "../i18n";
import { Page } from "../shared/Page";

export function Component() {
  return <Page title={t("nav.account")}>{null}</Page>;
}
