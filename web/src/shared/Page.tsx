import { Anchor, Box, Group, Stack, Text, Title } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { useEffect, useRef, type ReactNode } from "react";
import { Link, useLocation, useNavigationType } from "react-router";
import { t } from "../i18n";

interface PageProps {
  title: string;
  /** What the browser's tab says when it is more than the heading. */
  tabTitle?: string;
  /** Stands beside the heading: a status, a count. */
  aside?: ReactNode;
  text?: ReactNode;
  /** Buttons at the right. */
  actions?: ReactNode;
  back?: { to: string; label: string };
  children: ReactNode;
}

/** A screen: sets the tab's title and moves the focus to the heading after navigation. */
export function Page({ title, tabTitle, aside, text, actions, back, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  usePageTitle(tabTitle ?? title);
  useFocusAfterNavigation(heading);
  return (
    <Stack gap="lg">
      <Box component="header">
        {back && (
          <Anchor component={Link} to={back.to} size="sm" c="dimmed" mb={6} style={{ display: "inline-flex", alignItems: "center", gap: 4 }}>
            <IconArrowLeft size={15} aria-hidden /> {back.label}
          </Anchor>
        )}
        <Group justify="space-between" align="flex-end" gap="sm">
          <Box miw={0}>
            <Group gap="sm" align="center">
              <Title order={1} ref={heading} tabIndex={-1} className="break">
                {title}
              </Title>
              {aside}
            </Group>
            {text && (
              <Text c="dimmed" mt={4} maw={720}>
                {text}
              </Text>
            )}
          </Box>
          {actions && <Group gap="xs">{actions}</Group>}
        </Group>
      </Box>
      {children}
    </Stack>
  );
}

/** Names the tab. */
export function usePageTitle(title: string) {
  useEffect(() => {
    document.title = `${title} · ${t("app.name")}`;
  }, [title]);
}

/** Moves the focus to a screen's heading when the user came to it, so that screen readers read it. */
function useFocusAfterNavigation(heading: { current: HTMLElement | null }) {
  const { pathname } = useLocation();
  const kind = useNavigationType();
  const section = pathname.split("/").slice(0, 3).join("/");
  const first = useRef(true);
  useEffect(() => {
    if (first.current && !arrived) {
      arrived = true; // the first screen after loading: the browser decides
    } else if (kind !== "REPLACE" || first.current) {
      // A screen that begins with a form has put the focus into its first field.
      if (!document.activeElement?.matches("main input")) heading.current?.focus({ preventScroll: true });
    }
    first.current = false;
    // eslint-disable-next-line react-hooks/exhaustive-deps -- a change of kind alone is no navigation.
  }, [section]);
}

let arrived = false;
