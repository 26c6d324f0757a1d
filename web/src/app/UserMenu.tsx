import { Avatar, Box, Menu, Text, UnstyledButton, useMantineColorScheme, type MantineColorScheme } from "@mantine/core";
import { IconCheck, IconChevronUp, IconDeviceDesktop, IconLanguage, IconLogout, IconMoon, IconSun, IconUserCircle } from "@tabler/icons-react";
import { Link } from "react-router";
import { chooseLanguage, language, t, type Language } from "../i18n";
import { notifyError } from "../shared/notify";
import classes from "./Shell.module.css";
import { signOut, useUser } from "./session";

const schemes = [
  { value: "light", label: "scheme.light", icon: IconSun },
  { value: "dark", label: "scheme.dark", icon: IconMoon },
  { value: "auto", label: "scheme.auto", icon: IconDeviceDesktop },
] as const;

// Languages are named in their own words.
const languageNames: Record<Language, string> = { en: "English", de: "Deutsch" };

export function UserMenu() {
  const user = useUser();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const name = user.name || user.email;
  return (
    <Menu position="top-start" width={228} withinPortal>
      <Menu.Target>
        <UnstyledButton className={classes.user}>
          <Avatar name={name} color="spruce" size={34} radius="xl" aria-hidden />
          <Box style={{ flex: 1, minWidth: 0 }}>
            <Text size="sm" fw={560} truncate>
              {name}
            </Text>
            <Text size="xs" c="dimmed" truncate>
              {t(`role.${user.role}`)}
            </Text>
          </Box>
          <IconChevronUp size={16} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component={Link} to="/account" leftSection={<IconUserCircle size={17} aria-hidden />}>
          {t("nav.account")}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>{t("scheme.label")}</Menu.Label>
        {schemes.map(({ value, label, icon: Icon }) => (
          <Menu.Item
            key={value}
            role="menuitemradio"
            aria-checked={colorScheme === value}
            closeMenuOnClick={false}
            onClick={() => setColorScheme(value as MantineColorScheme)}
            leftSection={<Icon size={17} aria-hidden />}
            rightSection={colorScheme === value && <IconCheck size={15} aria-hidden />}
          >
            {t(label)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Label>{t("language.label")}</Menu.Label>
        {(Object.keys(languageNames) as Language[]).map((l) => (
          <Menu.Item
            key={l}
            lang={l}
            role="menuitemradio"
            aria-checked={language === l}
            onClick={() => chooseLanguage(l)}
            leftSection={<IconLanguage size={17} aria-hidden />}
            rightSection={language === l && <IconCheck size={15} aria-hidden />}
          >
            {languageNames[l]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={17} aria-hidden />} onClick={() => void signOut().catch(notifyError)}>
          {t("nav.signOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
