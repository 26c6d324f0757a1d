import { Stack, Text } from "@mantine/core";
import { t } from "../i18n";
import { SecretField } from "../shared/SecretField";
import type { Webhook } from "./api";

/** What requests are signed with, shown once. */
export function Secret({ webhook, text }: { webhook: Webhook; text: string }) {
  return (
    <Stack>
      <Text>{text}</Text>
      <SecretField label={t("webhooks.secret")} value={webhook.secret ?? ""} copy={t("webhooks.secretCopy")} copied={t("keys.copied")} />
      <Text size="sm" c="dimmed">
        {t("webhooks.secretText")}
      </Text>
    </Stack>
  );
}
