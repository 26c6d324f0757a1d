import { AppShell, Box, Burger, Divider, Group, NavLink, Stack, Text, Transition } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconActivity, IconAddressBook, IconChartCircles, IconClockX, IconDatabase, IconHeartbeat, IconKey, IconSend, IconUsers, IconUsersGroup, IconWifiOff, type Icon } from "@tabler/icons-react";
import { useEffect } from "react";
import { Link, NavLink as RouterLink, Outlet, useLocation, useNavigation } from "react-router";
import { t, type MessageKey } from "../i18n";
import { useOnline } from "../shared/useOnline";
import { Logo } from "./Logo";
import classes from "./Shell.module.css";
import { useMay } from "./session";
import { UserMenu } from "./UserMenu";

interface Destination {
  to: string;
  label: MessageKey;
  icon: Icon;
}

const destinations: Destination[] = [
  { to: "/groups", label: "nav.groups", icon: IconUsersGroup },
  { to: "/contacts", label: "nav.contacts", icon: IconAddressBook },
  { to: "/compare", label: "nav.compare", icon: IconChartCircles },
  { to: "/live", label: "nav.live", icon: IconActivity },
  { to: "/data", label: "nav.data", icon: IconDatabase },
  { to: "/retention", label: "nav.retention", icon: IconClockX },
  { to: "/system", label: "nav.system", icon: IconHeartbeat },
];

const administration: Destination[] = [
  { to: "/deliveries", label: "nav.deliveries", icon: IconSend },
  { to: "/users", label: "nav.users", icon: IconUsers },
  { to: "/keys", label: "nav.keys", icon: IconKey },
];

/** The frame of every screen: navigation, account menu, and the screen itself. */
export function Shell() {
  const [opened, { toggle, close }] = useDisclosure();
  const { pathname } = useLocation();
  const admin = useMay("admin");
  useEffect(close, [pathname, close]);
  return (
    <AppShell header={{ height: { base: 56, sm: 0 } }} navbar={{ width: 228, breakpoint: "sm", collapsed: { mobile: !opened } }} padding={0}>
      <a href="#content" className={classes.skip}>
        {t("app.skip")}
      </a>
      <AppShell.Header className={classes.header} hiddenFrom="sm">
        <Group h="100%" px="md" justify="space-between">
          <Brand />
          <Burger opened={opened} onClick={toggle} size="sm" aria-label={opened ? t("app.closeNavigation") : t("app.openNavigation")} aria-expanded={opened} />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar className={classes.navbar} p="sm">
        <Box visibleFrom="sm" px={8} pt={8} pb="lg">
          <Brand />
        </Box>
        <Stack component="nav" gap={2} aria-label={t("app.navigation")} style={{ flex: 1, overflowY: "auto" }}>
          {destinations.map((d) => (
            <Item key={d.to} {...d} />
          ))}
          {admin && (
            <>
              <Divider my="sm" />
              {administration.map((d) => (
                <Item key={d.to} {...d} />
              ))}
            </>
          )}
        </Stack>
        <UserMenu />
      </AppShell.Navbar>
      <AppShell.Main component="div">
        <Progress />
        <OfflineBanner />
        <Box component="main" id="content" tabIndex={-1} className={classes.content}>
          <Outlet />
        </Box>
      </AppShell.Main>
    </AppShell>
  );
}

function Brand() {
  return (
    <Group component={Link} {...{ to: "/groups" }} gap={10} className={classes.brand}>
      <Logo />
      <Text fw={680} fz="lg" lh={1} style={{ letterSpacing: "-0.02em" }}>
        {t("app.name")}
      </Text>
    </Group>
  );
}

function Item({ to, label, icon: Icon }: Destination) {
  const { pathname } = useLocation();
  return (
    <NavLink
      component={RouterLink}
      to={to}
      active={pathname === to || pathname.startsWith(`${to}/`)}
      label={t(label)}
      leftSection={<Icon size={19} stroke={1.7} aria-hidden />}
      className={classes.item}
    />
  );
}

/** A thin line at the top while the next screen is being fetched. */
function Progress() {
  const busy = useNavigation().state !== "idle";
  return (
    <Transition mounted={busy} enterDelay={150} transition="fade">
      {(style) => <div className={classes.progress} style={style} />}
    </Transition>
  );
}

function OfflineBanner() {
  const online = useOnline();
  return (
    <div role="status">
      {!online && (
        <Group className={classes.offline} gap="xs" justify="center" wrap="nowrap">
          <IconWifiOff size={17} aria-hidden style={{ flexShrink: 0 }} /> {t("offline.banner")}
        </Group>
      )}
    </div>
  );
}
