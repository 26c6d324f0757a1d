// What a screen shows when it has nothing to show: loading, empty, failed.
import { Button, Center, Group, Loader, Skeleton, Stack, Text, ThemeIcon, Title, VisuallyHidden } from "@mantine/core";
import { IconAlertTriangle, IconCloudOff, IconLock, IconMapOff, type Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { ApiError, OfflineError } from "../api/error";
import { t } from "../i18n";

/** A page that is on its way. Takes the height of a screen, so that nothing jumps. */
export function Loading({ height = 320 }: { height?: number | string }) {
  return (
    <Center mih={height} role="status">
      <Loader size="sm" type="dots" />
      <VisuallyHidden>{t("state.loading")}</VisuallyHidden>
    </Center>
  );
}

/** Lines in place of a text or table that is on its way. */
export function LoadingLines({ lines = 6, height = 18 }: { lines?: number; height?: number }) {
  return (
    <Stack gap="sm" role="status" aria-label={t("state.loading")}>
      {Array.from({ length: lines }, (_, i) => (
        <Skeleton key={i} height={height} width={`${92 - ((i * 17) % 34)}%`} />
      ))}
    </Stack>
  );
}

interface StateProps {
  icon: Icon;
  title: string;
  text?: ReactNode;
  action?: ReactNode;
  color?: string;
}

/** Nothing here, said kindly, with what to do about it. */
export function EmptyState({ icon: Icon, title, text, action, color = "spruce" }: StateProps) {
  return (
    <Center py={56} px="md">
      <Stack align="center" gap="xs" maw={440} ta="center">
        <ThemeIcon size={52} radius="xl" variant="light" color={color} mb={4} aria-hidden>
          <Icon size={26} stroke={1.6} />
        </ThemeIcon>
        <Title order={2} size="h3">
          {title}
        </Title>
        {text && <Text c="dimmed">{text}</Text>}
        {action && (
          <Group mt="sm" justify="center">
            {action}
          </Group>
        )}
      </Stack>
    </Center>
  );
}

interface ErrorStateProps {
  error: unknown;
  onRetry?: () => void;
  title?: string;
  text?: string;
  action?: ReactNode;
}

/** Says what went wrong and offers to try again. */
export function ErrorState({ error, onRetry, title, text, action }: ErrorStateProps) {
  const said = sayError(error);
  return (
    <div role="alert">
      <EmptyState
        icon={said.icon}
        color={said.color}
        title={title ?? said.title}
        text={text ?? said.text}
        action={
          action ??
          (onRetry && (
            <Button variant="default" onClick={onRetry}>
              {t("do.retry")}
            </Button>
          ))
        }
      />
    </div>
  );
}

interface Said {
  title: string;
  text: string;
  icon: Icon;
  color: string;
}

/** An error in words that a user understands. */
export function sayError(error: unknown): Said {
  if (error instanceof OfflineError) return { title: t("error.offline"), text: t("error.offlineText"), icon: IconCloudOff, color: "amber" };
  if (error instanceof ApiError) {
    if (error.status === 404 || error.status === 410)
      return { title: t("error.notFound"), text: error.message || t("error.notFoundText"), icon: IconMapOff, color: "gray" };
    if (error.status === 403) return { title: t("error.forbidden"), text: t("error.forbiddenText"), icon: IconLock, color: "gray" };
    if (error.status >= 500) return { title: t("error.server"), text: error.message, icon: IconAlertTriangle, color: "red" };
    const places = error.problems.map((p) => p.message).filter((m) => m && m !== error.message);
    return { title: t("error.title"), text: [sentence(error.message), ...places].join(" "), icon: IconAlertTriangle, color: "red" };
  }
  return { title: t("error.title"), text: error instanceof Error ? error.message : String(error), icon: IconAlertTriangle, color: "red" };
}

function sentence(text: string): string {
  const trimmed = text.trim();
  if (!trimmed) return "";
  return trimmed[0]!.toUpperCase() + trimmed.slice(1) + (/[.!?]$/.test(trimmed) ? "" : ".");
}
