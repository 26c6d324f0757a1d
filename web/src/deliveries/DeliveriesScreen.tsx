import { Navigate, Route, Routes } from "react-router";
import { useMay } from "../app/session";
import { t } from "../i18n";
import { Page } from "../shared/Page";
import { ErrorState } from "../shared/states";
import { ApiError } from "../api/error";
import { ConnectorForm } from "./ConnectorForm";
import { ConnectorPage } from "./ConnectorPage";
import { Connectors } from "./Connectors";
import { WebhookForm } from "./WebhookForm";
import { WebhookPage } from "./WebhookPage";
import { Webhooks } from "./Webhooks";

/** Who else is told of changes: webhooks and connectors. For administrators, as in the API. */
export function Component() {
  if (!useMay("admin"))
    return (
      <Page title={t("deliveries.title")}>
        <ErrorState error={new ApiError(403, "forbidden", "", [])} />
      </Page>
    );
  return (
    <Routes>
      <Route path="webhooks" element={<Webhooks />} />
      <Route path="webhooks/new" element={<WebhookForm />} />
      <Route path="webhooks/:id" element={<WebhookPage />} />
      <Route path="webhooks/:id/edit" element={<WebhookForm />} />
      <Route path="connectors" element={<Connectors />} />
      <Route path="connectors/new" element={<ConnectorForm />} />
      <Route path="connectors/:id" element={<ConnectorPage />} />
      <Route path="connectors/:id/edit" element={<ConnectorForm />} />
      <Route path="*" element={<Navigate to="/deliveries/webhooks" replace />} />
    </Routes>
  );
}
